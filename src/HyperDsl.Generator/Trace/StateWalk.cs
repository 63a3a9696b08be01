using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>A field marked <c>[State]</c> of a cell, or of a network inside one.</summary>
/// <param name="Name">Path of the field.</param>
/// <param name="Box">What it holds.</param>
internal sealed record StateSlot(string Name, Box Box);

/// <summary>Finds the states that a scan carries, in the order of generated visitors.</summary>
internal sealed class StateWalk(Sources sources)
{
    private readonly HashSet<object> seen = new(ReferenceComparer.Instance);
    private readonly List<StateSlot> found = [];

    public static IReadOnlyList<StateSlot> Find(ObjectValue cell, string name, Sources sources)
    {
        StateWalk walk = new(sources);
        walk.Visit(cell, name.Length == 0 ? "" : name + ".");
        return walk.found;
    }

    private void Visit(object? content, string prefix)
    {
        if (content is ObjectValue network && seen.Add(network))
        {
            VisitFields(network, network.Type.Definition as INamedTypeSymbol, prefix);
        }
        else if (content is ListValue list)
        {
            for (int i = 0; i < list.Items.Count; i++)
            {
                Visit(list.Items[i], prefix + Literal.Integer(i) + ".");
            }
        }
    }

    private void VisitFields(ObjectValue item, INamedTypeSymbol? type, string prefix)
    {
        if (type is null)
        {
            return;
        }
        VisitFields(item, type.BaseType is null ? null : sources.Definition(type.BaseType), prefix);
        foreach (FieldSlot slot in WeightWalk.IsVisited(type) ? FieldOrder.Of(type) : [])
        {
            if (slot.IsState)
            {
                if (slot.BoxIn(item) is not Box box)
                {
                    box = new Box(null);
                    item.Fields.Add(slot.Field, box);
                }
                found.Add(new StateSlot(prefix + slot.Name, box));
            }
            else if (WeightWalk.KindOf(slot.Type) is SlotKind.Network or SlotKind.Sequence)
            {
                Visit(slot.BoxIn(item)?.Content, prefix + slot.Name + ".");
            }
        }
    }
}
