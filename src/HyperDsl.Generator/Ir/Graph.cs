namespace HyperDsl.Generator.Ir;

/// <summary>What a result of a graph is for.</summary>
internal enum ResultKind
{
    /// <summary>A value for each example that the caller reads.</summary>
    Prediction,

    /// <summary>A state that a scan leaves, for the caller to go on with.</summary>
    State,

    /// <summary>A value that the user gave a name with <c>Watch</c>, read when asked for.</summary>
    Watched,

    /// <summary>The loss. Before <c>Differentiate</c> one scalar an example, after it the mean over the batch.</summary>
    Loss,

    /// <summary>The gradient of the mean loss with respect to a parameter.</summary>
    Gradient,

    /// <summary>The new value of a parameter that is not trained, such as a running mean.</summary>
    Update,

    /// <summary>A value that a deployed model stores instead of computing it.</summary>
    Baked,

    /// <summary>A result of one step of a scan: the new states in order, then the outputs.</summary>
    Step,
}

/// <summary>A named result.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Name">Name of the entry, state, watched value, parameter or baked value.</param>
/// <param name="Index">
/// Index of the parameter for gradients and updates; for a baked value, its offset in the deployed model's buffer; else 0.
/// </param>
/// <param name="Node">The node's id.</param>
internal sealed record Result(ResultKind Kind, string Name, int Index, int Node)
{
    /// <summary>Whether the caller reads a value for each example.</summary>
    public bool IsOutput => Kind is ResultKind.Prediction or ResultKind.State or ResultKind.Watched;

    /// <summary>What it is, in the user's words.</summary>
    public string Label => Kind switch
    {
        ResultKind.Gradient => ValueNames.GradientOf(Name),
        ResultKind.Update => ValueNames.NewValueOf(Name),
        ResultKind.Loss => "loss",
        _ => Name,
    };
}

/// <summary>A graph in topological order. Immutable, equal by value; passes are functions from one to the next.</summary>
internal sealed record Graph(EquatableArray<Node> Nodes, EquatableArray<Result> Results)
{
    public Node this[int id] => Nodes[id];

    public Node this[Value value] => Nodes[value.Id];

    public long CostOf(Node node) => node.Operation.Cost(InputsOf(node), node);

    public Node[] InputsOf(Node node) => node.Inputs.Select(id => Nodes[id]).ToArray();

    /// <summary>How often each node is read, by nodes and as a result.</summary>
    public int[] CountUses()
    {
        int[] uses = new int[Nodes.Count];
        foreach (int id in Nodes.SelectMany(node => node.Inputs).Concat(Results.Select(result => result.Node)))
        {
            uses[id]++;
        }
        return uses;
    }

    public override string ToString() => GraphPrinter.Print(this);
}
