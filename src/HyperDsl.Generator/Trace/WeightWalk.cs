using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>How a field leads to weights.</summary>
internal enum SlotKind
{
    /// <summary>Not at all.</summary>
    None,

    Weight,

    Network,

    /// <summary>A sequence of any of these.</summary>
    Sequence,
}

/// <summary>A field marked <c>[Hyper]</c>, where it was met.</summary>
/// <param name="Name">Path of the field.</param>
/// <param name="Declared">The field or property.</param>
internal sealed record HyperField(string Name, ISymbol Declared);

/// <summary>Names and numbers the weights of a constructed model, by the rule that generated visitors follow, too.</summary>
internal sealed class WeightWalk(Sources sources, Interpreter interpreter)
{
    private readonly HashSet<object> seen = new(ReferenceComparer.Instance);
    private readonly List<WeightValue> found = [];
    private readonly Dictionary<object, string> hyperOwners = new(ReferenceComparer.Instance);
    private int offset;

    public List<Parameter> Parameters { get; } = [];

    public List<HyperField> HyperFields { get; } = [];

    /// <summary>Weights that are themselves marked <c>[Hyper]</c>: the field's number and the weight.</summary>
    public List<(int Field, WeightValue Weight)> HyperWeights { get; } = [];

    public void Walk(ObjectValue model)
    {
        seen.Add(model);
        WalkFields(model, model.Type.Definition as INamedTypeSymbol, "");
        for (int i = 0; i < found.Count; i++)
        {
            Parameters[i] = Parameters[i] with { HyperOwner = hyperOwners.TryGetValue(found[i], out string? owner) ? owner : null };
        }
    }

    /// <summary>How the declared type of a field leads to weights.</summary>
    public static SlotKind KindOf(ITypeSymbol type)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            return parameter.ConstraintTypes.Select(KindOf).FirstOrDefault(kind => kind != SlotKind.None);
        }
        return WellKnown.IsWeight(type) ? SlotKind.Weight
            : WellKnown.IsNetwork(type) ? SlotKind.Network
            : ElementOf(type) is ITypeSymbol element && KindOf(element) != SlotKind.None ? SlotKind.Sequence
            : SlotKind.None;
    }

    public static ITypeSymbol? ElementOf(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { Rank: 1 } array)
        {
            return array.ElementType;
        }
        if (type.SpecialType == SpecialType.System_String || WellKnown.IsTensor(type) || type is not INamedTypeSymbol named)
        {
            return null;
        }
        INamedTypeSymbol? sequence = named.AllInterfaces.Insert(0, named).FirstOrDefault(
            face => face.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T);
        return sequence?.TypeArguments[0];
    }

    /// <summary>Whether a class gets a visitor: its fields are walked.</summary>
    public static bool IsVisited(ITypeSymbol type) =>
        WellKnown.HasAttribute(type, "NetworkAttribute") || WellKnown.HasAttribute(type, "HyperModelAttribute");

    private void WalkFields(ObjectValue item, INamedTypeSymbol? type, string prefix)
    {
        if (type is null)
        {
            return;
        }
        WalkFields(item, type.BaseType is null ? null : sources.Definition(type.BaseType), prefix);
        if (!IsVisited(type))
        {
            return;
        }
        foreach (FieldSlot slot in FieldOrder.Of(type))
        {
            object? content = slot.BoxIn(item)?.Content;
            if (KindOf(slot.Type) == SlotKind.None && !(slot.IsState && content is WeightValue))
            {
                continue;
            }
            HyperField? hyper = WellKnown.HasAttribute(slot.Declared, "HyperAttribute")
                ? new HyperField(prefix + slot.Name, slot.Declared)
                : null;
            if (hyper is not null)
            {
                MarkHyper(content, prefix, new HashSet<object>(ReferenceComparer.Instance));
            }
            Visit(content, prefix + slot.Name, hyper);
        }
    }

    private void Visit(object? content, string name, HyperField? hyper)
    {
        switch (content)
        {
            case WeightValue weight:
                if (hyper is not null && !HyperWeights.Any(known => ReferenceEquals(known.Weight, weight)))
                {
                    HyperWeights.Add((NumberOf(hyper), weight));
                }
                if (seen.Add(weight))
                {
                    Number(weight, name);
                }
                break;
            case ObjectValue network:
                if (hyper is not null && !interpreter.HyperObjects.ContainsKey(network))
                {
                    interpreter.HyperObjects.Add(network, NumberOf(hyper));
                }
                if (seen.Add(network))
                {
                    interpreter.NetworkNames.Add(network, name);
                    WalkFields(network, network.Type.Definition as INamedTypeSymbol, name + ".");
                }
                break;
            case ListValue list:
                for (int i = 0; i < list.Items.Count; i++)
                {
                    Visit(list.Items[i], name + "." + Literal.Integer(i), hyper);
                }
                break;
        }
    }

    /// <summary>Remembers of all weights behind a <c>[Hyper]</c> field the network that has it, also where another field named them first.</summary>
    private void MarkHyper(object? content, string owner, HashSet<object> met)
    {
        switch (content)
        {
            case WeightValue weight when !hyperOwners.ContainsKey(weight):
                hyperOwners.Add(weight, owner);
                break;
            case ObjectValue network when met.Add(network):
                for (INamedTypeSymbol? type = network.Type.Definition as INamedTypeSymbol; type is not null && IsVisited(type);
                    type = type.BaseType is null ? null : sources.Definition(type.BaseType))
                {
                    foreach (FieldSlot slot in FieldOrder.Of(type))
                    {
                        MarkHyper(slot.BoxIn(network)?.Content, owner, met);
                    }
                }
                break;
            case ListValue list:
                list.Items.ForEach(item => MarkHyper(item, owner, met));
                break;
        }
    }

    /// <summary>A field's number, given when it leads to something that no earlier field led to: one generator has one owner.</summary>
    private int NumberOf(HyperField field)
    {
        int known = HyperFields.FindIndex(other => ReferenceEquals(other, field));
        if (known < 0)
        {
            known = HyperFields.Count;
            HyperFields.Add(field);
        }
        return known;
    }

    private void Number(WeightValue weight, string name)
    {
        weight.Index = found.Count;
        weight.Name = name;
        found.Add(weight);
        Parameters.Add(new Parameter(name, weight.Shape, offset, weight.Trained));
        offset = checked(offset + BufferLayout.Aligned(weight.Shape.Count));
    }
}
