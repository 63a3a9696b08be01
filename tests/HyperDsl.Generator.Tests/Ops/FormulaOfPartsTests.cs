using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>Formulas of one line: a tree whose value i is computed from 2 i + 1 and 2 i + 2.</summary>
public sealed class FormulaOfPartsTests
{
    [Theory]
    [InlineData(100, 7, "", "((v7 + v8) + (v9 + v10)) + ((v11 + v12) + (v13 + v14))")]
    [InlineData(21, 3, "", "(v3 + v4) + (v5 + v6)")]
    [InlineData(20, 7, "", "(v3 + v4) + v2")]
    [InlineData(30, 7, "", "((v7 + v8) + v4) + (v5 + v6)")]
    [InlineData(3, 7, "", "v1 + v2")]
    public void What_fits_is_written_from_the_outside_in(int limit, int leaves, string named, string expected) =>
        Assert.Equal(expected, Formula(limit, leaves, named));

    [Theory]
    [InlineData(100, 7, "1 5", "((v7 + v8) + (v9 + v10)) + ((v11 + v12) + (v13 + v14))")]
    [InlineData(50, 7, "1 5", "v1 + (v5 + (v13 + v14))")]
    [InlineData(15, 7, "1 5", "v1 + (v5 + v6)")]
    [InlineData(15, 7, "1 2", "v1 + v2")]
    public void What_does_not_fit_as_a_whole_stops_at_the_users_names(int limit, int leaves, string named, string expected) =>
        Assert.Equal(expected, Formula(limit, leaves, named));

    /// <summary>Written out as a whole it would have a billion terms.</summary>
    [Fact]
    public void Values_that_are_used_again_and_again_take_no_time()
    {
        FormulaOfParts formulas = new(
            90, (value, part) => FormulaText.Whole(part(value + 1).Text + " + " + part(value + 1).Text), value => FormulaText.Whole("v" + value),
            value => value < 30 ? [value + 1] : [], _ => false);
        Assert.InRange(formulas.Of(0).Text.Length, 40, 90);
    }

    private static string Formula(int limit, int leaves, string named)
    {
        HashSet<int> names = [.. named.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        FormulaOfParts formulas = new(
            limit,
            (value, part) => FormulaText.Whole(Within(part((2 * value) + 1).Text) + " + " + Within(part((2 * value) + 2).Text)),
            value => FormulaText.Whole("v" + value),
            value => new[] { (2 * value) + 1, (2 * value) + 2 }.Where(part => part < leaves),
            names.Contains);
        return formulas.Of(0).Text;
    }

    private static string Within(string text) => text.Contains(' ', StringComparison.Ordinal) ? "(" + text + ")" : text;
}
