using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Passes;

/// <summary>States that callers go on with, and what is watched.</summary>
public sealed class CarryStatesTests
{
    private const string Counter = """
        [Network] public sealed partial class Counter(int units) : Cell
        {
            [State] Tensor total = Zeros(units);
            public override Tensor Step(Tensor x)
            {
                total = total + x;
                return Watch("twice", total * 2);
            }
        }
        """;

    [Fact]
    public void A_state_becomes_an_input_and_an_output()
    {
        Entry entry = Traced("readonly Counter cell = new(2); [Predict] public Tensor P([Steps, Shape(2)] Tensor x) => cell.Scan(x);");
        EquatableArray<CarriedState> states = CarryStates.Find(entry);
        Assert.Equal([new CarriedState("cell.total", Shape.Of([2]))], states);
        Graph carried = CarryStates.Run(Unwatch.Run(entry.Evaluation), 1, states);
        PrintedGraph.AssertPrints(
            """
            %0 = constant() 0 : []
            %1 = broadcast(%0) : [2]  // total
            %2 = input() index=0 steps : [2] each example and time  // x
            %3 = input() index=1 : [] each example  // cell.total is fresh
            %4 = input() index=2 : [2] each example  // cell.total before
            %5 = broadcast(%3) : [2] each example
            %6 = select(%5, %1, %4) : [2] each example
            %7 = scan(%6, %2) states=1 sequences=1 : [] each example and time
                %0 = blockArgument() index=0 : [2] each example  // cell.total
                %1 = blockArgument() index=1 : [2] each example  // x
                %2 = add(%0, %1) : [2] each example  // total
                %3 = constant() 2 : []
                %4 = broadcast(%3) : [2]
                %5 = multiply(%2, %4) : [2] each example
                step cell.total = %2
                step output = %5
                step cell.twice = %5
            %8 = scanResult(%7) index=0 : [2] each example  // cell.total
            %9 = scanResult(%7) index=1 : [2] each example and time
            prediction P = %9
            state cell.total = %8
            """,
            carried);
    }

    [Fact]
    public void A_cell_that_is_scanned_twice_has_two_states() => Assert.Equal(
        ["cell.total", "cell.total#2"],
        CarryStates.Find(Traced(
            "readonly Counter cell = new(2); [Predict] public Tensor P([Steps, Shape(2)] Tensor x) => cell.Scan(x) + cell.Scan(-x);"))
            .Select(state => state.Name));

    [Fact]
    public void States_that_only_training_has_are_not_carried() => Assert.Equal(
        ["a.total"],
        CarryStates.Find(Traced(
            """
            readonly Counter a = new(2); readonly Counter b = new(2);
            [Loss] public Tensor L([Steps, Shape(2)] Tensor x) =>
                SumOverSteps(Sum(Mode.Training ? a.Scan(x) + b.Scan(x) : a.Scan(x)));
            """)).Select(state => state.Name));

    /// <summary>No line of a routine that nobody asks is different for what is watched in the model.</summary>
    [Fact]
    public void Watching_costs_nothing_where_nobody_asks()
    {
        const string Model = "readonly Counter cell = new(2); [Loss] public Tensor L([Steps, Shape(2)] Tensor x) => SumOverSteps(Sum(cell.Scan(x)));";
        EquatableArray<GeneratedFile> watched = Compiler.Compile(Tracing.TraceModel(InModel(Model) + Counter), CancellationToken.None);
        EquatableArray<GeneratedFile> silent = Compiler.Compile(
            Tracing.TraceModel(InModel(Model) + Counter.Replace("Watch(\"twice\", total * 2)", "total * 2", StringComparison.Ordinal)), CancellationToken.None);
        foreach (string routine in new[] { "M.LEvaluation.g.cs", "M.LTraining.g.cs" })
        {
            Assert.Equal(Text(silent, routine), Text(watched, routine));
        }
        Assert.DoesNotContain(silent, file => file.HintName.Contains("Watched", StringComparison.Ordinal));
        Assert.Contains("twice", Text(watched, "M.LTrainingWatched.g.cs"), StringComparison.Ordinal);
        Assert.Contains("twice", Text(watched, "M.LEvaluationWatched.g.cs"), StringComparison.Ordinal);
    }

    private static string Text(EquatableArray<GeneratedFile> files, string name) => files.Single(file => file.HintName == name).Text;

    private static string InModel(string members) => "[HyperModel] public sealed partial class M : Model { " + members + " }\n";

    private static Entry Traced(string members) => Tracing.TraceModel(InModel(members) + Counter).Entries[0];
}
