using System.Runtime.CompilerServices;
using CustomOperator;
using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;
using LazyHost.Contract;

namespace LazyHost.Simd.Tests.ContractTests;

/// <summary>The contract row of an operator that a program adds: the sample of docs/operators.md.</summary>
public class CustomOperatorTests
{
    [Theory]
    [InlineData("simd")]
    [InlineData("reference")]
    public async Task It_holds_on(string kind)
    {
        await using IBackend backend = kind == "simd" ? new SimdBackend(new SimdSettings()) : new ReferenceBackend();
        var passed = 0;
        foreach (var contractCase in ContractSuite.ForOperator(PopCount.Form))
        {
            Assert.Equal(ContractResult.Passed, await contractCase.RunAsync(backend, (graph, inputs, scalars) => ReferenceInterpreter.Run(graph, inputs, scalars), TestContext.Current.CancellationToken));
            passed++;
        }
        Assert.Equal(8 * 5, passed); // element types, shapes
    }

    [Fact]
    public async Task Its_code_runs_on_simd_alone()
    {
        await using IBackend simd = new SimdBackend(new SimdSettings()), reference = new ReferenceBackend();
        TensorType[] type = [new(DType.Int32, [4])], large = [new(DType.Int8, [1L << 32])];
        Assert.Equal(Capability.Whole, simd.Query(new(PopCount.Form, default, type, type)));
        Assert.Equal(Capability.Decompose, simd.Query(new(PopCount.Form, default, large, large)));
        Assert.Equal(Capability.Decompose, reference.Query(new(PopCount.Form, default, type, type)));
    }

    [Fact]
    public void The_document_shows_the_sample()
    {
        var code = File.ReadAllText(Path.Combine(Folder(), "../../../samples/CustomOperator/PopCount.cs"));
        var document = File.ReadAllText(Path.Combine(Folder(), "../../../docs/operators.md"));
        foreach (var member in new[] { "public sealed class PopCount", "    protected override Value Formula(", "    public void Run(" })
        {
            var start = code.IndexOf(member, StringComparison.Ordinal);
            var end = code.IndexOf(member[0] == ' ' ? "\n    }\n" : "\n{", start, StringComparison.Ordinal);
            Assert.Contains(code[start..end], document, StringComparison.Ordinal);
        }
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
