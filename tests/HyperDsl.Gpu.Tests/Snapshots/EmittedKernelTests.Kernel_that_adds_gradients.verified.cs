internal static readonly GpuReduction<AddProductSumsArguments> AddProductSumsKernel = new("AddProductSums", AddProductSums, threads: 256);

internal struct AddProductSumsArguments
{
    public ArrayView<float> GradientOfHyperFromState;
    public ArrayView<float> GradientOfScaleEmbeddingWeight;
    public ArrayView<float> GradientOfHyperFromInput;
    public ArrayView<float> GradientOfBiasEmbeddingWeight;
    public ArrayView<float> GradientOfCellFromState;
    public ArrayView<float> GradientOfCellFromInput;
    public ArrayView<float> GradientOfHyperFromInput2;
    public int Rows;
}

private static void AddProductSums(AddProductSumsArguments args, Reduction reduction)
{
    int index = (Grid.IdxX * 256) + Group.IdxX;
    if (index >= 688)
    {
        return;
    }
    int parts = GroupReduction.Parts(reduction, args.Rows);
    int place = 0;
    if (index < 64)
    {
        args.GradientOfHyperFromState[(index / 16) + ((index % 16) * 4)] += GroupReduction.SumOfParts(reduction, place + index, 64, parts);
        return;
    }
    index -= 64;
    place += 64 * parts;
    if (index < 64)
    {
        args.GradientOfScaleEmbeddingWeight[(index / 16) + ((index % 16) * 4)] += GroupReduction.SumOfParts(reduction, place + index, 64, parts);
        return;
    }
    index -= 64;
    place += 64 * parts;
    if (index < 128)
    {
        args.GradientOfHyperFromInput[(index / 16) + ((index % 16) * 11)] += GroupReduction.SumOfParts(reduction, place + index, 128, parts);
        return;
    }
    index -= 128;
    place += 128 * parts;
    if (index < 32)
    {
        args.GradientOfBiasEmbeddingWeight[(index / 8) + ((index % 8) * 4)] += GroupReduction.SumOfParts(reduction, place + index, 32, parts);
        return;
    }
    index -= 32;
    place += 32 * parts;
    if (index < 256)
    {
        args.GradientOfCellFromState[(index / 32) + ((index % 32) * 8)] += GroupReduction.SumOfParts(reduction, place + index, 256, parts);
        return;
    }
    index -= 256;
    place += 256 * parts;
    if (index < 96)
    {
        args.GradientOfCellFromInput[(index / 32) + ((index % 32) * 3)] += GroupReduction.SumOfParts(reduction, place + index, 96, parts);
        return;
    }
    index -= 96;
    place += 96 * parts;
    if (index < 48)
    {
        args.GradientOfHyperFromInput2[(index / 16) + ((index % 16) * 11)] += GroupReduction.SumOfParts(reduction, place + index, 48, parts);
        return;
    }
}
