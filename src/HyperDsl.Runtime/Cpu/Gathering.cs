using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>Rows of a table [rows, width] by index.</summary>
public static unsafe class Gathering
{
    /// <summary>Copies a row of the table to the target.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in [0, rows).</exception>
    public static void GatherRow<T>(T* table, int rows, int row, int width, T* target)
        where T : unmanaged
    {
        Check(row, rows);
        new ReadOnlySpan<T>(table + ((long)row * width), width).CopyTo(new Span<T>(target, width));
    }

    /// <summary>Adds the source to a row of the table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in [0, rows).</exception>
    public static void AddToRow<T>(T* table, int rows, int row, int width, T* source)
        where T : unmanaged
    {
        Check(row, rows);
        var target = table + ((long)row * width);
        var lanes = Vector512<T>.Count;
        var column = 0;
        for (; column <= width - lanes; column += lanes)
        {
            (Vector512.Load(target + column) + Vector512.Load(source + column)).Store(target + column);
        }

        var left = width - column;
        if (left > 0)
        {
            var sum = VectorMath.LoadPartial(target + column, left) + VectorMath.LoadPartial(source + column, left);
            VectorMath.StorePartial(sum, target + column, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Check(int row, int rows)
    {
        if ((uint)row >= (uint)rows)
        {
            Throw(row, rows);
        }
    }

    private static void Throw(int row, int rows) => throw new ArgumentOutOfRangeException(
        nameof(row), row, $"Index {row} is outside a table of {rows} rows; valid are 0 to {rows - 1}.");
}
