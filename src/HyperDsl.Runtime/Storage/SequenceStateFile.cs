namespace HyperDsl.Storage;

/// <summary>Stores the states that a run carries from batch to batch among the tensors of its checkpoint.</summary>
internal static class SequenceStateFile
{
    public static void AddTo(SafeTensorsWriter writer, SequenceState state)
    {
        foreach (string name in state.Names)
        {
            StateValues values = state.Get(name);
            writer.Add<float>(ValuesName(name), Shape(state, name), values.Current);
            writer.Add<float>(FreshName(name), [state.Rows], values.Fresh);
        }
    }

    /// <summary>Names and shapes of the tensors.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<int> Shape)> Tensors(SequenceState state) =>
        state.Names.SelectMany(name => new (string, IReadOnlyList<int>)[]
        {
            (ValuesName(name), Shape(state, name)), (FreshName(name), [state.Rows]),
        });

    /// <summary>Reads the states as a copy, after names and shapes were checked.</summary>
    public static SequenceState Read(SafeTensorsFile file, SequenceState like)
    {
        SequenceState read = like.Copy();
        foreach (string name in read.Names)
        {
            file.Read<float>(ValuesName(name), read.Get(name).Values);
            file.Read<float>(FreshName(name), read.Get(name).Fresh);
        }

        return read;
    }

    private static IReadOnlyList<int> Shape(SequenceState state, string name) => [state.Rows, .. state.Shape(name)];

    private static string ValuesName(string name) => $"state{ParameterFile.Separator}{name}";

    private static string FreshName(string name) => $"fresh{ParameterFile.Separator}{name}";
}
