using LazyHost.Backends;
using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LazyHost.Simd.Tests;

public sealed class BackendTests
{
    private static readonly TensorType Type = new(DType.Float32, [64, 200]);

    [Fact]
    public async Task MemoryStaysFlatOverSteps()
    {
        await using var simd = new SimdBackend(new(2));
        var graph = Graph();
        byte[][] inputs = [Elements.Random(new Random(1), Type, false), Elements.Random(new Random(2), new(DType.Float32, [200, 64]), false)];
        Runner.Run(simd, graph, inputs);
        var before = simd.GetMemoryStatistics(0);
        for (var i = 0; i < 20; i++) Runner.Run(simd, graph, inputs);
        Assert.Equal(before, simd.GetMemoryStatistics(0));
        Assert.Equal((0, 0), (before.InUse, before.Buffers));
        Assert.True(before.Reserved >= before.Peak && before.Peak > 0);
    }

    [Fact]
    public async Task BuffersAreAlignedCountedAndGivenBackOnce()
    {
        await using var simd = new SimdBackend(new(1));
        var buffers = Enumerable.Range(0, 10).Select(i => simd.Allocate(0, 1000 + i)).ToArray();
        Assert.Equal(10, simd.GetMemoryStatistics(0).Buffers);
        Assert.All(buffers, b => Assert.True(b.ByteSize >= 1000));
        foreach (var buffer in buffers) { buffer.Dispose(); buffer.Dispose(); }
        Assert.Equal((0L, 0L), (simd.GetMemoryStatistics(0).InUse, simd.GetMemoryStatistics(0).Buffers));
        Assert.Throws<DeviceMemoryException>(() => simd.Allocate(0, 1L << 55));
        Assert.Throws<UnknownDeviceException>(() => simd.Allocate(1, 1));
    }

    [Fact]
    public async Task DisposingFreesEverythingAndEndsTheThreads()
    {
        var simd = new SimdBackend(new(3));
        Runner.Run(simd, Graph(), [Elements.Random(new Random(1), Type, false), Elements.Random(new Random(2), new(DType.Float32, [200, 64]), false)]);
        var late = simd.Allocate(0, 5000);
        await simd.DisposeAsync();
        Assert.True(simd.GetMemoryStatistics(0).Reserved >= 5000);
        late.Dispose();
        Assert.Equal(0, simd.GetMemoryStatistics(0).Reserved);
        Assert.Throws<ObjectDisposedException>(() => simd.Allocate(0, 1));
    }

    [Fact]
    public async Task ManyRunsAtOnceGiveWhatOneGives()
    {
        await using var simd = new SimdBackend(new(2));
        var graph = Graph();
        byte[][] inputs = [Elements.Random(new Random(1), Type, false), Elements.Random(new Random(2), new(DType.Float32, [200, 64]), false)];
        var expected = Runner.Run(simd, graph, inputs)[0];
        using var executable = await simd.CompileAsync(new("test", new("simd", 0), graph, CompilationOptions.Default, NullLogger.Instance), default);
        var runs = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20; i++) Assert.Equal(expected, Runner.Run(simd, executable, [graph.TypeOf(graph.Roots[0])], inputs)[0]);
        }));
        await Task.WhenAll(runs);
    }

    [Fact]
    public async Task ARunObservesCancellationAndWrongArguments()
    {
        await using var simd = new SimdBackend(new(1));
        var graph = Graph();
        using var executable = await simd.CompileAsync(new("test", new("simd", 0), graph, CompilationOptions.Default, NullLogger.Instance), default);
        var arguments = new ExecutionArguments { Inputs = [simd.Allocate(0, 4), simd.Allocate(0, 4)], Outputs = [simd.Allocate(0, 4)], Workspace = simd.Allocate(0, Math.Max(1, executable.WorkspaceBytes)) };
        Assert.Throws<ExecutionException>(() => simd.ExecuteAsync(executable, arguments, default).AsTask().Wait());
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await simd.CompileAsync(new("test", new("simd", 0), graph, CompilationOptions.Default, NullLogger.Instance), new(true)));
        Assert.Contains("program:", executable.Dump());
        Assert.True(executable.KernelCount > 0 && executable.EstimatedOperations > 0 && executable.ProgramBytes > 0);
    }

    [Fact]
    public async Task QueriesFollowTheForms()
    {
        await using var simd = new SimdBackend(new(1));
        Assert.Equal(Capability.Whole, simd.Query(new(Primitives.Exp, default, [Type], [Type])));
        Assert.Equal(Capability.No, simd.Query(new(Primitives.Exp, default, [Type.With(DType.Int32)], [Type.With(DType.Int32)])));
        Assert.Equal(Capability.No, simd.Query(new(Primitives.CustomCall, default, [], [Type])));
    }

    [Theory, InlineData("Threads", "-1"), InlineData("Threads", "many"), InlineData("MaxVectorWidth", "100")]
    public void SettingsOutOfRangeAreRefusedWithTheirPath(string name, string value)
    {
        var section = new OneSetting(name, value);
        var error = Assert.Throws<ConfigurationException>(() => SimdSettings.Read(section));
        Assert.Contains($"LazyHost:Backends:simd:{name}", error.Message);
        Assert.Contains(value, error.Message);
    }

    private static Graph Graph()
    {
        var builder = new GraphBuilder();
        Value a = builder.Parameter(Type), b = builder.Parameter(new(DType.Float32, [200, 64]));
        var dot = builder.Emit(Primitives.DotGeneral, [a, b], Attributes.Of(Array.Empty<long>(), Array.Empty<long>(), new long[] { 1 }, new long[] { 0 }));
        builder.AddRoot(builder.Emit(Primitives.ReduceSum, [builder.Emit(Primitives.Tanh, [dot])], Attributes.Of(new long[] { 0 })));
        return builder.Build();
    }

    /// <summary>A section with one setting.</summary>
    private sealed class OneSetting(string name, string value) : IConfigurationSection
    {
        public string? this[string key] { get => key == name ? value : null; set => throw new NotSupportedException(); }

        public string Key => "simd";

        public string Path => "LazyHost:Backends:simd";

        public string? Value { get; set; }

        public IEnumerable<IConfigurationSection> GetChildren() => [];

        public Microsoft.Extensions.Primitives.IChangeToken GetReloadToken() => throw new NotSupportedException();

        public IConfigurationSection GetSection(string key) => throw new NotSupportedException();
    }
}
