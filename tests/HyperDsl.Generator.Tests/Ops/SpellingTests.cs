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
}
