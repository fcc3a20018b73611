using System.Reflection;
using ILGPU;

namespace LazyHost.Ilgpu.Tests;

public sealed class PtxTests
{
    [Fact]
    public void A_kernel_becomes_PTX_for_each_architecture()
    {
        var kernel = typeof(PtxTests).GetMethod(nameof(Twice), BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (var architecture in Ptx.Architectures) Assert.Contains("ld.global.f32", Ptx.Compile(kernel, architecture), StringComparison.Ordinal);
    }

    private static void Twice(ArrayView<float> from, ArrayView<float> to)
    {
        var i = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (i < to.IntLength) to[i] = 2 * from[i];
    }
}
