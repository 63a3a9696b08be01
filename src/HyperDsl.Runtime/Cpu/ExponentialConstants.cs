using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>The numbers of the exponential functions, in their order in <see cref="ExponentialConstants"/>.</summary>
internal enum ExponentialNumber
{
    HighestExp,
    LowestExp,
    LowestOfSigmoid,
    HighestOfTanh,
    LowestOfTanh,
    Log2E,
    RoundToInteger,
    MinusLn2,
    MinusLn2Rest,
    Exp6,
    Exp5,
    Exp4,
    Exp3,
    Exp2,
    Tanh6,
    Tanh5,
    Tanh4,
    Tanh3,
    Tanh2,
    One,
    Two,
    Sign,
}

/// <summary>
/// The numbers of the exponential functions in memory, each eight times. A constant in the text of a loop is held in a register: these
/// would be twelve of sixteen, and each step of a function would go through memory for want of one. What is loaded from memory that
/// the loop's own stores may reach is loaded where it is needed, as part of the operation.
/// </summary>
internal static unsafe class ExponentialConstants
{
    private static readonly float* Table = Make();

    /// <summary>
    /// Makes the table. A method that .NET compiles later at run time knows its address and asks no more whether it is there; one that was
    /// compiled ahead of time asks.
    /// </summary>
    public static void Prepare() => RuntimeHelpers.RunClassConstructor(typeof(ExponentialConstants).TypeHandle);

    /// <summary>Eight times a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Constant(ExponentialNumber number) => Vector256.Load(Table + ((int)number * Vector256<float>.Count));

    private static float* Make()
    {
        ReadOnlySpan<float> numbers =
        [
            VectorMath.HighestExp, VectorMath.LowestExp, VectorMath.LowestOfSigmoid, VectorMath.HighestOfTanh, -VectorMath.HighestOfTanh,
            VectorMath.Log2E, VectorMath.RoundToInteger, -VectorMath.Ln2, -VectorMath.Ln2Rest,
            VectorMath.Exp6, VectorMath.Exp5, VectorMath.Exp4, VectorMath.Exp3, VectorMath.Exp2,
            VectorMath.Tanh6, VectorMath.Tanh5, VectorMath.Tanh4, VectorMath.Tanh3, VectorMath.Tanh2,
            1f, 2f, -0f,
        ];
        var lanes = Vector256<float>.Count;
        var table = (float*)NativeMemory.AlignedAlloc((nuint)(numbers.Length * lanes * sizeof(float)), 64);
        for (var index = 0; index < numbers.Length; index++)
        {
            new Span<float>(table + (index * lanes), lanes).Fill(numbers[index]);
        }

        return table;
    }
}
