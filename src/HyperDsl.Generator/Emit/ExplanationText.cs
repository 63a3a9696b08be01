using System.Globalization;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Emit;

/// <summary>The report on a model's generated weights, in lines.</summary>
internal static class ExplanationText
{
    /// <summary>Trained parameters of main networks and of those that make weights, and all generated weights.</summary>
    public static (long Main, long Hyper, long Generated) Count(EquatableArray<Parameter> parameters, IEnumerable<EntryExplanation> entries)
    {
        long hyper = parameters.Where(p => p.Trained && p.HyperOwner is not null).Sum(p => (long)p.Shape.Count);
        long main = parameters.Where(p => p.Trained && p.HyperOwner is null).Sum(p => (long)p.Shape.Count);
        // Entries share matrices; where an entry has several alike, as many.
        long generated = entries
            .SelectMany(entry => entry.Matrices.GroupBy(matrix => matrix.Key)
                .Select(same => (same.Key, Elements: same.Sum(matrix => matrix.Elements))))
            .GroupBy(matrix => matrix.Key).Sum(same => same.Max(matrix => matrix.Elements));
        return (main, hyper, generated);
    }

    public static IEnumerable<string> Lines(EquatableArray<Parameter> parameters, IReadOnlyList<EntryExplanation> entries)
    {
        (long main, long hyper, long generated) = Count(parameters, entries);
        yield return $"{Number(main + hyper)} parameters: {Number(main)} main, {Number(hyper)} hyper. {Number(generated)} generated weights.";
        if (hyper == 0 && generated > 0)
        {
            yield return "No field is marked [Hyper], so all parameters count as main.";
        }
        foreach (EntryExplanation entry in entries)
        {
            EntryExplanation same = entries.First(other => other.Products == entry.Products);
            bool repeats = same != entry;
            yield return entry.Products.Count == 0 ? entry.Entry + ": no product with generated weights."
                : repeats ? $"{entry.Entry}: as {same.Entry}."
                : entry.Entry + ":";
            foreach (string line in repeats ? [] : entry.Products.SelectMany(Lines))
            {
                yield return "  " + line;
            }
        }
    }

    private static IEnumerable<string> Lines(GeneratedProduct product)
    {
        ProductCost chosen = product.Chosen;
        string each = product.EachStep ? "each example and step" : "each example";
        yield return product.Product;
        yield return $"  weights {product.Shape}: {product.Matrix}";
        yield return "  " + chosen.Form switch
        {
            ProductForm.MatrixOnce => "made once for all examples",
            ProductForm.ScaledResult => "never made: the product is computed first, then scaled",
            ProductForm.ScaledData => "never made: the data are scaled first",
            ProductForm.FactorFirst => "never made: one of its factors is multiplied with the data first",
            _ => "made for " + each,
        } + (chosen.SharedFloats > 0 ? $" ({Takes(chosen.SharedFloats, chosen.SharedMultiplyAdds)})" : "");
        yield return $"  {each}: {Takes(chosen.Floats, chosen.MultiplyAdds)}"
            + (chosen.Form == ProductForm.MatrixEach ? "" : $"; with weights of its own {Takes(product.NaiveFloats, product.NaiveMultiplyAdds)}");
    }

    private static string Takes(long floats, long multiplyAdds) => $"{Number(floats)} floats, {Number(multiplyAdds)} multiply-adds";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
