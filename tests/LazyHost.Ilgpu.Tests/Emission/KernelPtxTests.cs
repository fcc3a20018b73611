using System.Reflection;
using LazyHost.Backends.Ilgpu.Emission;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;

namespace LazyHost.Ilgpu.Tests.Emission;

/// <summary>Every kernel of the other tests becomes PTX, without the instructions that are wrong or too rough.</summary>
public sealed class KernelPtxTests
{
    [Fact]
    public void Every_walk_becomes_PTX() => Check(KernelGraphs.Names.Select(KernelGraphs.Of));

    [Fact]
    public void Every_elementwise_primitive_becomes_PTX() =>
        Check(Primitives.All.Where(p => p.Kind is >= PrimitiveKind.Neg and <= PrimitiveKind.Select).Select(p => KernelGraphs.Primitive(p, p.DTypes, 37)));

    [Fact]
    public void Casts_become_PTX() => Check(DTypes.All.Select(type => KernelGraphs.Casts(type, 37)));

    [Fact]
    public void Neighbours_are_loaded_and_stored_16_bytes_at_a_time()
    {
        var text = Assert.Single(Ptx.Compile(Methods(KernelGraphs.Maps([64], DType.Float32)), Ptx.Architectures[0]));
        Assert.Contains("ld.global.v4", text, StringComparison.Ordinal);
        Assert.Contains("st.global.v4", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Products_are_rounded_by_themselves()
    {
        // A driver may make one rounding of a product without a rounding mode and a sum.
        foreach (var primitive in (Primitive[])[Primitives.Mul, Primitives.Log])
            foreach (var text in Ptx.Compile([.. Methods(KernelGraphs.Primitive(primitive, [DType.Float32, DType.Float64], 37))], Ptx.Architectures[0]))
            {
                Assert.Matches("mul\\.rn\\.f(32|64)", text);
                Assert.DoesNotMatch("mul\\.f(32|64)", text);
            }
    }

    [Fact]
    public void Comparisons_are_passed_by_no_NaN()
    {
        // ILGPU makes "x > 0 or NaN" of "0 < x".
        foreach (var primitive in (Primitive[])[Primitives.Sign, Primitives.Lt, Primitives.Ge])
            foreach (var text in Ptx.Compile([.. Methods(KernelGraphs.Primitive(primitive, [DType.Float32, DType.Float64], 37))], Ptx.Architectures[0]))
                Assert.DoesNotMatch("setp\\.(lt|le|gt|ge)u\\.f", text);
    }

    [Fact]
    public void A_kernel_is_written_to_a_folder_where_one_is_asked_for()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using var device = new TestDevice();
            var graph = KernelGraphs.Maps([24], DType.Float32);
            var program = KernelRunner.Lower(graph);
            new KernelStepCompiler(device.Session, folder.FullName).Compile(program.Steps.OfType<KernelStep>().Single().Kernel, program.Buffers);
            var file = Assert.Single(folder.GetFiles("*.dll"));
            Assert.Equal(KernelMethod.AssemblyName, AssemblyName.GetAssemblyName(file.FullName).Name);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Check(IEnumerable<KernelGraph> graphs)
    {
        MethodInfo[] methods = [.. graphs.SelectMany(Methods)];
        foreach (var architecture in Ptx.Architectures)
            foreach (var text in Ptx.Compile(methods, architecture))
            {
                Assert.Contains(".visible .entry", text, StringComparison.Ordinal);
                Assert.DoesNotContain(".approx", text, StringComparison.Ordinal);
                Assert.DoesNotMatch("@.*bra\\.uni|brx\\.idx\\.uni", text);
                Assert.DoesNotContain("div.s32", text, StringComparison.Ordinal);
                Assert.DoesNotContain("div.s64", text, StringComparison.Ordinal);
            }
    }

    private static IEnumerable<MethodInfo> Methods(KernelGraph graph)
    {
        var program = KernelRunner.Lower(graph);
        foreach (var step in program.Steps.OfType<KernelStep>())
        {
            var translation = KernelTranslation.Of(step.Kernel, program.Buffers);
            var method = KernelMethod.Build(KernelParameter.Of(translation.Kernel, translation.Schedule), translation.Emit).Kernel.GetMethod(KernelMethod.KernelName)!;
            KernelValidator.Check(method);
            yield return method;
        }
    }
}
