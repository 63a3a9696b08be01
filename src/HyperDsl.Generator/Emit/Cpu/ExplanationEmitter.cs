using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>Prints what is said of generated weights: for readers of the code, and for <c>Model.Explain()</c>.</summary>
internal static class ExplanationEmitter
{
    private const string Execution = "global::HyperDsl.Execution.";

    /// <summary>A doc comment for the model's class.</summary>
    public static void WriteRemarks(SourceWriter writer, TracedModel model, IReadOnlyList<EntryExplanation> entries)
    {
        writer.Line("/// <remarks>");
        writer.Line("/// <code>");
        foreach (string line in ExplanationText.Lines(model.Parameters, entries))
        {
            writer.Line("/// " + Literal.OneLine(line).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;"));
        }
        writer.Line("/// </code>");
        writer.Line("/// </remarks>");
    }

    /// <summary>The same as a value, an argument of the model's plan.</summary>
    public static void WriteValue(SourceWriter writer, TracedModel model, IReadOnlyList<EntryExplanation> entries, string end)
    {
        (long main, long hyper, long generated) = ExplanationText.Count(model.Parameters, entries);
        writer.Line("new " + Execution + "ModelExplanation(");
        using (writer.Indent())
        {
            writer.Line(Numbers(main, hyper, generated) + ",");
            writer.Line("[");
            using (writer.Indent())
            {
                foreach (EntryExplanation entry in entries)
                {
                    WriteEntry(writer, entry);
                }
            }
            writer.Line("],");
            string[] lines = ExplanationText.Lines(model.Parameters, entries).ToArray();
            for (int i = 0; i < lines.Length; i++)
            {
                writer.Line(Literal.Text(lines[i] + (i + 1 < lines.Length ? "\n" : "")) + (i + 1 < lines.Length ? " +" : ")" + end));
            }
        }
    }

    private static void WriteEntry(SourceWriter writer, EntryExplanation entry)
    {
        writer.Line("new " + Execution + "EntryExplanation(" + Literal.Text(entry.Entry) + ",");
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (GeneratedProduct product in entry.Products)
            {
                ProductCost chosen = product.Chosen;
                writer.Line(
                    "new " + Execution + "GeneratedProduct(" + Literal.Text(product.Product) + ", " + Literal.Text(product.Matrix)
                    + ", " + PlanEmitter.Sizes(product.Shape) + ", " + (product.EachStep ? "true" : "false") + ", "
                    + Execution + "ProductForm." + chosen.Form + ", "
                    + Numbers(
                        chosen.Floats, chosen.MultiplyAdds, chosen.SharedFloats, chosen.SharedMultiplyAdds, product.NaiveFloats,
                        product.NaiveMultiplyAdds) + "),");
            }
        }
        writer.Line("]),");
    }

    private static string Numbers(params long[] numbers) => string.Join(", ", numbers.Select(Literal.Integer));
}
