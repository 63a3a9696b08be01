using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit;

/// <summary>What the callers of a fused pass agree on: how they call its operands and its values.</summary>
/// <param name="Operands">In the program's order; <see cref="ValueLabel.None"/> where callers have nothing in common.</param>
/// <param name="Values">The user's names of the values of instructions; empty where there is none, or callers differ.</param>
internal sealed record PassWords(EquatableArray<ValueLabel> Operands, EquatableArray<string> Values)
{
    /// <summary>The words of one call.</summary>
    public static PassWords Of(RoutineProgram program, RowStep call) =>
        new(call.Operands.Select(operand => program.Storages[operand.Storage].Label).ToEquatable(), call.Values);

    public PassWords CommonWith(PassWords other) => new(
        Operands.Zip(other.Operands, Common).ToEquatable(),
        Values.Zip(other.Values, (one, another) => one == another ? one : "").ToEquatable());

    /// <summary>
    /// A label of up to two words: <c>gradient of cell.hyper.gateNorm.gain</c> becomes <c>gradient of gateNorm.gain</c>, which several layers
    /// may have in common.
    /// </summary>
    public static string Short(string label) => WithLast(2, label);

    /// <summary>As <see cref="Short"/>; one word where that says enough, which for gradients of weights it does not.</summary>
    public static string Shortest(string label) => WithLast(ValueNames.IsOfWeight(label) ? 2 : 1, label);

    private static string WithLast(int words, string label)
    {
        (string prefix, string[] path) = ValueNames.Parts(label);
        return prefix + string.Join(".", path.Skip(path.Length - words));
    }

    /// <summary>The end that two labels have in common: the gains of the norms of two cells are both <c>gateNorm.gain</c>.</summary>
    public static ValueLabel Common(ValueLabel one, ValueLabel other)
    {
        (string prefix, string[] path) = ValueNames.Parts(one.Text);
        (string otherPrefix, string[] otherPath) = ValueNames.Parts(other.Text);
        int shared = Enumerable.Reverse(path).Zip(Enumerable.Reverse(otherPath), (a, b) => a == b).TakeWhile(equal => equal).Count();
        return prefix == otherPrefix && one.IsGiven == other.IsGiven && shared > 0
            ? one with { Text = prefix + string.Join(".", path.Skip(path.Length - shared)) }
            : ValueLabel.None;
    }
}
