using System.Reflection;
using LazyHost.Backends;
using LazyHost.Backends.Ilgpu.Emission;
using LazyHost.Contract;
using LazyHost.IR;
using LazyHost.Lowering;
using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Ilgpu.Tests.ContractTests;

/// <summary>The kernels of the contract suite become PTX: every structure that operators, primitives and random programs of the short tier come to.</summary>
public sealed class ContractPtxTests
{
    [Fact]
    [Trait("Tier", "full")]
    public async Task Every_emitted_kernel_becomes_PTX()
    {
        await using var backend = new CompilingBackend();
        string[] behaviour = ["coverage", "devices", "buffers", "compilation", "execution", "concurrency"];
        foreach (var contractCase in ContractSuite.Cases().Where(c => c.Tier == ContractTier.Short && !behaviour.Contains(c.Group)))
        {
            var error = await Assert.ThrowsAsync<ContractFailureException>(() => contractCase.RunAsync(backend, (_, _, _) => [], TestContext.Current.CancellationToken));
            Assert.Contains(CompilingBackend.Done, error.Message, StringComparison.Ordinal);
        }
        Assert.True(backend.Kernels.Count > 500, $"{backend.Kernels.Count} kernels are fewer than the suite has");
        foreach (var architecture in Ptx.Architectures)
            foreach (var text in Ptx.Compile(backend.Kernels.Values, architecture))
            {
                Assert.Contains(".visible .entry", text, StringComparison.Ordinal);
                Assert.DoesNotContain(".approx", text, StringComparison.Ordinal);
                Assert.DoesNotContain("div.s", text, StringComparison.Ordinal);
            }
    }

    /// <summary>Takes what the ILGPU backend takes, emits the kernels, and runs nothing.</summary>
    private sealed class CompilingBackend : IBackend
    {
        public const string Done = "emitted, not run";

        public Dictionary<(KernelKey, KernelSchedule), MethodInfo> Kernels { get; } = [];

        public string Kind => "ptx";

        public string Fingerprint => "ptx";

        public IReadOnlyList<DeviceDescription> Devices => [new("ptx", 0, new Dictionary<string, string>())];

        public Capability Query(in OperatorQuery query) => query.Form is not Primitive { Kind: not PrimitiveKind.CustomCall } && query.Form != InputForms.Parameter && query.Form != InputForms.Scalar
            ? Capability.Decompose : Capability.Whole;

        public ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
        {
            var program = KernelSchedule.Cut(ProgramLowering.Lower(context.Graph, context.Options, cancellationToken));
            foreach (var step in program.Steps.OfType<KernelStep>())
            {
                var translation = KernelTranslation.Of(step.Kernel, program.Buffers);
                var key = (KernelKey.Structure(translation.Kernel), translation.Schedule);
                if (Kernels.ContainsKey(key)) continue;
                var method = KernelMethod.Build(KernelParameter.Of(translation.Kernel, translation.Schedule), translation.Emit).Kernel.GetMethod(KernelMethod.KernelName)!;
                KernelValidator.Check(method);
                Kernels.Add(key, method);
            }
            throw new NotSupportedException(Done);
        }

        public IDeviceBuffer Allocate(int ordinal, long byteSize) => throw new NotSupportedException();

        public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken) => throw new NotSupportedException();

        public MemoryStatistics GetMemoryStatistics(int ordinal) => default;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
