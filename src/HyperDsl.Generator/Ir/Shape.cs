namespace HyperDsl.Generator.Ir;

/// <summary>The sizes of a value for one example. The batch is never part of a shape.</summary>
internal readonly record struct Shape(EquatableArray<int> Sizes)
{
    public static readonly Shape Scalar = new(EquatableArray<int>.Empty);

    public static Shape Of(params int[] sizes) => new(new EquatableArray<int>(sizes));

    public static Shape Of(IEnumerable<int> sizes) => new(sizes.ToEquatable());

    public int Rank => Sizes.Count;

    public int this[int axis] => Sizes[axis];

    /// <summary>How many elements one example has.</summary>
    public int Count => Sizes.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Steps between neighbours of each axis in row-major storage.</summary>
    public int[] Strides()
    {
        int[] strides = new int[Rank];
        int step = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= Sizes[axis];
        }
        return strides;
    }

    /// <summary>Whether it has more axes, none of size 1, of which runs merge to the axes of another shape.</summary>
    public bool Refines(Shape merged)
    {
        int axis = 0;
        foreach (int size in merged.Sizes)
        {
            int product = 1;
            while (product < size && axis < Rank && Sizes[axis] > 1)
            {
                product *= Sizes[axis++];
            }
            if (product != size)
            {
                return false;
            }
        }
        return axis == Rank && Rank > merged.Rank;
    }

    public override string ToString() => "[" + string.Join(", ", Sizes) + "]";
}
