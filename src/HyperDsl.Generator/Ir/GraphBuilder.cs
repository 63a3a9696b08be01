using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Ir;

/// <summary>
/// Builds a graph node by node: infers shapes, asks each operation for a simpler form, and shares equal nodes, so that no
/// pass has to do these three again.
/// </summary>
internal sealed class GraphBuilder
{
    private readonly List<Node> nodes = [];
    private readonly Dictionary<(Operation Operation, EquatableArray<int> Inputs), int> known = [];

    public int Count => nodes.Count;

    public Node this[Value value] => nodes[value.Id];

    public Node this[int id] => nodes[id];

    /// <summary>Adds an operation on earlier values, or finds the equal node that is already there.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Value Add(Operation operation, params Value[] inputs) => Add(operation, "", inputs);

    public Value Add(Operation operation, string name, params Value[] inputs)
    {
        Node[] inputNodes = inputs.Select(input => nodes[input.Id]).ToArray();
        Shape shape = operation.InferShape(inputNodes);
        if (operation.Simplify(this, inputNodes, shape) is Value simpler)
        {
            return simpler;
        }
        EquatableArray<int> ids = inputs.Select(input => input.Id).ToEquatable();
        if (known.TryGetValue((operation, ids), out int existing))
        {
            return new Value(existing);
        }
        int id = nodes.Count;
        nodes.Add(new Node(
            id, operation, ids, shape, operation.InferKind(inputNodes), operation.InferVaries(inputNodes), name));
        known.Add((operation, ids), id);
        return new Value(id);
    }

    /// <summary>Gives a value the user's name, unless it has one already.</summary>
    public void Rename(Value value, string name)
    {
        Node node = nodes[value.Id];
        if (node.Name.Length == 0)
        {
            nodes[value.Id] = node with { Name = name };
        }
    }

    /// <summary>The number every element of a value has, when the compiler knows it.</summary>
    public double? ConstantOf(Value value) => nodes[value.Id].Operation switch
    {
        Constant constant => constant.Number,
        Broadcast => ConstantOf(new Value(nodes[value.Id].Inputs[0])),
        _ => null,
    };

    /// <summary>A value whose elements are all one number.</summary>
    public Value Full(double number, Shape shape) => Add(new Broadcast(shape), Add(new Constant(number)));

    /// <summary>Marks what live nodes need; whether that made more nodes live than one pass can follow.</summary>
    private bool Spread(bool[] live)
    {
        for (int id = nodes.Count - 1; id >= 0; id--)
        {
            if (live[id])
            {
                foreach (int input in nodes[id].Inputs)
                {
                    live[input] = true;
                }
            }
        }
        bool again = false;
        foreach (Node node in nodes.Where(node => node.Operation.IsKeptWithFirstInput))
        {
            if (!live[node.Id] && live[node.Inputs[0]])
            {
                live[node.Id] = true;
                again = true;
            }
        }
        return again;
    }

    /// <summary>Finishes: drops what no result needs and numbers the rest from 0 in order of creation.</summary>
    public Graph Build(IEnumerable<Result> results)
    {
        Result[] kept = results.ToArray();
        bool[] live = new bool[nodes.Count];
        foreach (Result result in kept)
        {
            live[result.Node] = true;
        }
        while (Spread(live))
        {
        }
        int[] renumbered = new int[nodes.Count];
        List<Node> survivors = [];
        foreach (Node node in nodes)
        {
            if (live[node.Id])
            {
                renumbered[node.Id] = survivors.Count;
                survivors.Add(node with
                {
                    Id = survivors.Count,
                    Inputs = node.Inputs.Select(input => renumbered[input]).ToEquatable(),
                });
            }
        }
        return new Graph(
            survivors.ToEquatable(),
            kept.Select(result => result with { Node = renumbered[result.Node] }).ToEquatable());
    }
}
