using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Gives every stored node a place. Temporary values of a slice share one arena per worker: a value's room is free again after
/// its last reader.
/// </summary>
internal sealed class Plan
{
    private readonly Graph graph;
    private readonly Usage usage;
    private readonly Fusion fusion;
    private readonly EquatableArray<Parameter> parameters;
    private readonly MachineCosts costs;
    private readonly Lifetimes lifetimes;
    private readonly IReadOnlyDictionary<int, int> inPlaceOf;
    private readonly bool keepsFactors;
    private readonly List<Storage> storages = [];
    private readonly Dictionary<int, int> ofNode = [];
    private readonly Dictionary<int, int> ofSum = [];
    private readonly Dictionary<int, int> ofResult = [];
    private readonly UniqueNames names = new();

    private Plan(
        Graph graph, Usage usage, Fusion fusion, EquatableArray<Parameter> parameters, IReadOnlyDictionary<int, int> inPlaceOf,
        MachineCosts costs, bool keepsFactors)
    {
        this.inPlaceOf = inPlaceOf;
        this.keepsFactors = keepsFactors;
        this.graph = graph;
        this.usage = usage;
        this.fusion = fusion;
        this.parameters = parameters;
        this.costs = costs;
        lifetimes = new Lifetimes(graph, usage, fusion);
    }

    public IReadOnlyList<Storage> Storages => storages;

    public int SliceRows { get; private set; }

    public int SharedSize { get; private set; }

    public int BatchSize { get; private set; }

    /// <summary>Elements for each step of each example that outlive a phase.</summary>
    public int BatchSequenceSize { get; private set; }

    public int LaneSize { get; private set; }

    /// <summary>Elements of a worker's arena for one example of a slice.</summary>
    public int ScratchPerExample { get; private set; }

    /// <summary>Elements of a worker's arena for one step of one example of a slice.</summary>
    public int SequencePerExample { get; private set; }

    public (int Offset, int Size)[] LaneRanges { get; private set; } = [];

    /// <summary>Where a node is read.</summary>
    public int StorageOf(int node) => ofNode[node];

    /// <summary>Where a node is written: a sum over examples is added up in lanes and read as their total.</summary>
    public int TargetOf(int node) => ofSum.TryGetValue(node, out int lane) ? lane : ofNode[node];

    public int StorageOfResult(int result) => ofResult[result];

    /// <param name="graph">The lowered graph.</param>
    /// <param name="usage">Who reads what.</param>
    /// <param name="fusion">The steps.</param>
    /// <param name="parameters">The model's weights.</param>
    /// <param name="inPlaceOf">By value, the one whose room it takes (<see cref="InPlace"/>).</param>
    /// <param name="costs">How soon room is taken again, and how many examples a slice has.</param>
    public static Plan Run(
        Graph graph, Usage usage, Fusion fusion, EquatableArray<Parameter> parameters, IReadOnlyDictionary<int, int> inPlaceOf,
        MachineCosts costs)
    {
        Plan Placed(bool keepsFactors)
        {
            Plan plan = new(graph, usage, fusion, parameters, inPlaceOf, costs, keepsFactors);
            plan.PlaceLeaves();
            plan.PlaceResults();
            plan.PlaceLanes();
            plan.PlaceShared();
            plan.PlaceBatch();
            plan.PlaceScratch();
            return plan;
        }
        Plan least = Placed(keepsFactors: false);
        if (costs.RoomForFactors > 0 && Placed(keepsFactors: true) is Plan keeping
            && keeping.ScratchPerExample <= (1 + costs.RoomForFactors) * least.ScratchPerExample
            && keeping.SequencePerExample <= (1 + costs.RoomForFactors) * least.SequencePerExample)
        {
            return keeping;
        }
        return least;
    }

    private void PlaceLeaves()
    {
        foreach (Node node in graph.Nodes.Where(node => usage.ReadersOf(node.Id).Count > 0))
        {
            switch (node.Operation)
            {
                case ParameterLeaf leaf:
                    Parameter parameter = parameters[leaf.Index];
                    Add(node.Id, new Storage(
                        Place.Parameter, parameter.Offset, node.Shape.Count, node.Shape, Unique(parameter.Name), false));
                    break;
                case InputLeaf leaf:
                    Place place = leaf.Classes > 0 ? Place.IndexInput : Place.RealInput;
                    Add(node.Id, new Storage(place, leaf.Index, node.Shape.Count, node.Shape, NameOf(node), true, leaf.Steps));
                    break;
            }
        }
    }

    private void PlaceResults()
    {
        int outputs = 0;
        for (int index = 0; index < graph.Results.Count; index++)
        {
            Result result = graph.Results[index];
            Shape shape = graph[result.Node].Shape;
            Storage storage = result.Kind switch
            {
                ResultKind.Gradient => new Storage(
                    Place.Gradient, parameters[result.Index].Offset, shape.Count, shape, Unique(result.Label), false),
                ResultKind.Update => new Storage(
                    Place.Update, parameters[result.Index].Offset, shape.Count, shape, Unique(result.Label), false),
                ResultKind.Baked => new Storage(
                    Place.Update, result.Index, shape.Count, shape, Unique("baked " + result.Name), false),
                ResultKind.Loss => new Storage(Place.Loss, 0, 1, shape, Unique(result.Label), false),
                _ => new Storage(
                    Place.Output, outputs++, shape.Count, shape, Unique(result.Name + " result"), true,
                    IsSequence(graph[result.Node])),
            };
            ofResult[index] = storages.Count;
            storages.Add(storage with { Label = new ValueLabel(result.Label, IsGiven: true) });
        }
    }

    private void PlaceLanes()
    {
        LaneRanges = new (int, int)[fusion.Phases.Length];
        int next = 0;
        for (int phase = 0; phase < fusion.Phases.Length; phase++)
        {
            int begin = next;
            foreach (Node node in StoredNodes().Where(node => fusion.Makers[node.Id]!.Phase == phase && SumsOverExamples(node)))
            {
                Add(node.Id, new Storage(Place.LaneTotal, next, node.Shape.Count, node.Shape, NameOf(node), false));
                ofSum[node.Id] = storages.Count;
                storages.Add(new Storage(
                    Place.Lane, next, node.Shape.Count, node.Shape, Unique("partial " + storages[ofNode[node.Id]].Name), false)
                {
                    Label = LabelOf(node),
                });
                next = checked(next + BufferLayout.Aligned(node.Shape.Count));
            }
            LaneRanges[phase] = (begin, next - begin);
        }
        LaneSize = next;
    }

    private void PlaceShared()
    {
        foreach (Node node in StoredNodes().Where(node => !SumsOverExamples(node) && !fusion.Makers[node.Id]!.Varies))
        {
            Add(node.Id, new Storage(Place.Shared, SharedSize, node.Shape.Count, node.Shape, NameOf(node), false));
            SharedSize = checked(SharedSize + BufferLayout.Aligned(node.Shape.Count));
        }
    }

    /// <summary>Values of all examples: room is free again in the phase after the last that reads it.</summary>
    private void PlaceBatch()
    {
        ScratchArena arena = new();
        ScratchArena sequences = new();
        ILookup<int, Node> born = StoredNodes()
            .Where(node => !SumsOverExamples(node) && fusion.Makers[node.Id]!.Varies && node.Operation is not NextState && !IsWrittenByOther(node)
                && lifetimes.ReadersOf(node).Any(reader => reader.Phase != fusion.Makers[node.Id]!.Phase))
            .ToLookup(node => fusion.Makers[node.Id]!.Phase);
        for (int phase = 1; phase < fusion.Phases.Length; phase += 2)
        {
            arena.Release(phase);
            sequences.Release(phase);
            foreach (Node node in born[phase])
            {
                bool sequence = IsSequence(node) || fusion.IsOutput(node.Id);
                int last = lifetimes.ReadersOf(node).Max(reader => reader.Phase);
                int offset = (sequence ? sequences : arena).Take(BufferLayout.Aligned(node.Shape.Count), last);
                Add(node.Id, new Storage(
                    sequence ? Place.BatchSequence : Place.Batch, offset, node.Shape.Count, node.Shape, NameOf(node), true, sequence));
            }
        }
        BatchSize = arena.Size;
        BatchSequenceSize = sequences.Size;
    }

    private void PlaceScratch()
    {
        for (int phase = 1; phase < fusion.Phases.Length; phase += 2)
        {
            ScratchArena arena = new();
            ScratchArena sequences = new();
            ILookup<int, Node> born = StoredNodes()
                .Where(node => !ofNode.ContainsKey(node.Id) && node.Operation is not NextState && !IsWrittenByOther(node)
                    && fusion.Makers[node.Id]!.Phase == phase)
                .ToLookup(lifetimes.FirstWriter);
            for (int position = 0; position < fusion.Phases[phase].Count; position++)
            {
                arena.Release(position - costs.RestingSteps);
                sequences.Release(position - costs.RestingSteps);
                foreach (Node node in born[position])
                {
                    bool sequence = IsSequence(node) || fusion.IsOutput(node.Id);
                    int offset = Room(sequence ? sequences : arena, node, position);
                    Add(node.Id, new Storage(
                        sequence ? Place.Sequence : Place.Scratch, offset, node.Shape.Count, node.Shape, NameOf(node), true,
                        sequence));
                }
            }
            ScratchPerExample = Math.Max(ScratchPerExample, arena.Size);
            SequencePerExample = Math.Max(SequencePerExample, sequences.Size);
        }
        foreach (KeyValuePair<int, int> output in fusion.Outputs)
        {
            ofNode[output.Key] = ofNode[output.Value];
        }
        // What a step leaves takes the place of what it found.
        foreach (Node node in graph.Nodes.Where(node => node.Operation is NextState))
        {
            ofNode[node.Id] = ofNode[node.Inputs[0]];
        }
        SliceRows = costs.SliceExamples > 0 ? costs.SliceExamples : SliceSize.Choose(graph, usage, fusion, ScratchPerExample);
    }

    private int Room(ScratchArena arena, Node node, int position)
    {
        int lastUse = keepsFactors && IsFactor(node) ? int.MaxValue : lifetimes.LastUse(node);
        if (inPlaceOf.TryGetValue(node.Id, out int old) && ofNode.TryGetValue(old, out int place) && lifetimes.LastUse(graph[old]) >= position)
        {
            arena.TakeOver(storages[place].Offset, lastUse);
            return storages[place].Offset;
        }
        return arena.Take(BufferLayout.Aligned(node.Shape.Count), lastUse);
    }

    /// <summary>Whether a product that adds up examples, the gradient of a weight, reads a value.</summary>
    private bool IsFactor(Node node) => lifetimes.ReadersOf(node).OfType<CallDraft>().Any(call => SumsOverExamples(graph[call.Node]));

    private bool IsWrittenByOther(Node node) =>
        node.Operation is StepOutput && fusion.Outputs.ContainsKey(node.Id);

    private static bool IsSequence(Node node) => (node.Varies & Varies.Time) != 0;

    private IEnumerable<Node> StoredNodes() => graph.Nodes.Where(node =>
        fusion.Makers[node.Id] is StepDraft maker
        && (maker is CallDraft || fusion.IsOutput(node.Id) || node.Operation is Assemble or LoopState or StepOutput or NextState || usage.IsStored(node.Id, maker)));

    private static bool SumsOverExamples(Node node) => node.Operation is ISumsOverExamples { OverExamples: true };

    private void Add(int node, Storage storage)
    {
        ofNode[node] = storages.Count;
        storages.Add(storage with { Label = LabelOf(graph[node]) });
    }

    private string NameOf(Node node) => Unique(LabelOf(node).Text);

    private ValueLabel LabelOf(Node node) => node.Operation is ParameterLeaf leaf
        ? new ValueLabel(parameters[leaf.Index].Name, IsGiven: true)
        : node.Name.Length > 0 ? new ValueLabel(node.Name, IsGiven: true) : new ValueLabel(node.Operation.Name, IsGiven: false);

    private string Unique(string name) => names.Next(name);
}
