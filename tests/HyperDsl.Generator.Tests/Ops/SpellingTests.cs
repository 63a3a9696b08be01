using HyperDsl.Generator.Ops;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>What elementwise operations print is C#, typed for the width asked for.</summary>
public sealed class SpellingTests
{
    private static readonly string[] Operands = ["a", "b", "c"];

    public static TheoryData<string> Names => new(
        OperationCases.All.Where(item => item.Operation is Elementwise).Select(item => item.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Spelling_is_an_expression_of_its_width(string name)
    {
        Elementwise operation = (Elementwise)OperationCases.Find(name).Operation;
        string[] operands = Operands.Take(operation.Arity).ToArray();
        foreach (bool single in new[] { true, false })
        {
            foreach (string text in new[] { operation.Vector(operands, single), operation.Scalar(operands, single) })
            {
                ExpressionSyntax expression = SyntaxFactory.ParseExpression(text);
                Assert.Empty(expression.GetDiagnostics());
                string[] used = expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
                    .Select(identifier => identifier.Identifier.Text).Distinct().ToArray();
                Assert.All(operands, operand => Assert.Contains(operand, used));
                Assert.DoesNotContain(single ? "double" : "float", text);
            }
        }
    }

    [Fact]
    public void Formulas_read_as_mathematics()
    {
        Assert.Equal("a + b", new Add().Formula(Operands));
        Assert.Equal("a ? b : c", new Select().Formula(Operands));
        Assert.Equal("exp(a)", new Exp().Formula(["a"]));
        Assert.Equal("a^1.5", new Power(1.5).Formula(Operands));
    }

    [Fact]
    public void Formulas_have_the_parentheses_that_they_need_and_no_more()
    {
        FormulaText a = FormulaText.Whole("a"), b = FormulaText.Whole("b"), c = FormulaText.Whole("c");
        FormulaText sum = new Add().Formula([a, b]);
        FormulaText product = new Multiply().Formula([a, b]);
        FormulaText choice = new Select().Formula([a, b, c]);
        FormulaText minus = new Negate().Formula([a]);
        Assert.Equal("a + b", sum.Text);
        Assert.Equal("(a + b) * c", new Multiply().Formula([sum, c]).Text);
        Assert.Equal("c * (a + b)", new Multiply().Formula([c, sum]).Text);
        Assert.Equal("a * b + a * b", new Add().Formula([product, product]).Text);
        Assert.Equal("a + b - (a + b)", new Subtract().Formula([sum, sum]).Text);
        Assert.Equal("a * b / (a * b)", new Divide().Formula([product, product]).Text);
        Assert.Equal("-(a * b)", new Negate().Formula([product]).Text);
        Assert.Equal("-a * c", new Multiply().Formula([minus, c]).Text);
        Assert.Equal("(-a)^3", new Power(3).Formula([minus]).Text);
        Assert.Equal("(a^3)^3", new Power(3).Formula([new Power(3).Formula([a])]).Text);
        Assert.Equal("(a ? b : c) * a", new Multiply().Formula([choice, a]).Text);
        Assert.Equal("(a ? b : c) ? a : b", new Select().Formula([choice, a, b]).Text);
        Assert.Equal("exp(a + b)", new Exp().Formula([sum]).Text);
        Assert.Equal("(a + b) * c", new Multiply().Formula([new HyperDsl.Generator.Ops.Lowered.Copy().Formula([sum]), c]).Text);
        Assert.Equal("(a + b) * c", new HyperDsl.Generator.Ops.Lowered.Again(new Multiply(), 1).Formula([sum, c]).Text);
    }
}
