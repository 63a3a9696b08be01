using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Steps;

internal static class GeneratorDriving
{
    public static GeneratorDriver Driver(HyperGenerator? generator = null) => CSharpGeneratorDriver.Create(
        [(generator ?? new HyperGenerator()).AsSourceGenerator()],
        parseOptions: Trace.Tracing.Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static Compilation Run(Compilation compilation, out GeneratorDriverRunResult result)
    {
        GeneratorDriver driver = Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        result = driver.GetRunResult();
        return output;
    }
}
