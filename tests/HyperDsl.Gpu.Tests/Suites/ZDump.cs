namespace HyperDsl.Gpu.Tests;
public sealed class ZDump
{
    [Fact]
    public void Dump()
    {
        File.WriteAllText("/tmp/joinhost/large.txt", GpuGraph.Text(LargeProducts.Source("large gradients"), "Holder"));
        foreach (GpuKernel kernel in LargeProducts.Kernels("large gradients")) File.WriteAllText("/tmp/joinhost/" + kernel.Name + ".ptx", Ptx.TextOf(kernel));
        foreach (string name in FusionCases.All.Keys.Where(k => k.StartsWith("grad")))
        {
            HyperDsl.Compiled.Tests.CaseBuilder builder = new();
            HyperDsl.Compiled.Tests.TestModel model = builder.Training(FusionCases.All[name](builder));
            File.WriteAllText("/tmp/joinhost/" + name + ".txt", GpuGraph.Text(GpuGraph.Program(model.Differentiated(), model.Parameters), "Holder"));
        }
    }
}
