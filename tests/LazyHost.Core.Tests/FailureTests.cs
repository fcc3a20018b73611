using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>Every failure is typed, says what and where, and leaves every tensor usable.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task ShapesThatDoNotBroadcastAreRefusedAtTheCallSite()
    {
        await using var lazy = new TestEngine();
        Tensor a = lazy.Tensor(1, 2, 3), b = lazy.Tensor(1, 2);
        var error = Assert.Throws<ShapeMismatchException>(() => a.Add(b));
        Assert.Contains("[3]", error.Message);
        Assert.Contains("[2]", error.Message);
        Assert.Contains($"{nameof(FailureTests)}.cs:", error.Message);
        Assert.Equal("add", error.Operator);
        Assert.Equal(new[] { 2f, 4f, 6f }, (a + a).ToArray<float>());
    }

    [Fact]
    public async Task AWrongTypeOrAxisIsRefusedAtTheCallSite()
    {
        await using var lazy = new TestEngine();
        var a = lazy.Tensor(1, 2, 3);
        var axis = Assert.Throws<AxisOutOfRangeException>(() => a.Sum(axis: 4));
        Assert.Contains("4", axis.Message);
        Assert.Contains($"{nameof(FailureTests)}.cs:", axis.Message);
        Assert.Throws<DTypeMismatchException>(() => a.ToArray<int>());
        Assert.Contains("requires a gradient", Assert.Throws<GradientException>(() => a.Sum().Backward()).Message);
        Assert.Throws<ShapeMismatchException>(() => a.Item());
        Assert.Throws<ShapeMismatchException>(() => Tensor.From(new float[3], [2, 2], lazy.Device));
        Assert.Equal(6f, a.Sum().Item());
    }

    [Fact]
    public async Task OperandsOnTwoDevicesAndUnknownDevicesAreRefused()
    {
        await using var lazy = new TestEngine();
        await using var other = new TestEngine();
        var error = Assert.Throws<UnknownDeviceException>(() => lazy.Tensor(1) + other.Tensor(1));
        Assert.Contains("To", error.Message);
        Assert.Contains("reference:0", Assert.Throws<UnknownDeviceException>(() => lazy.Engine.GetDevice(DeviceId.Parse("cuda:1"))).Message);
    }

    [Fact]
    public async Task AnOperatorTheBackendCannotDoNamesItselfAndSparesTheRest()
    {
        await using var lazy = new TestEngine(backend: new FaultyBackend { Unsupported = PrimitiveKind.Tanh });
        var x = lazy.Tensor(0, 1);
        var good = x + 1;
        var bad = x.Tanh();
        var error = Assert.Throws<UnsupportedOperatorException>(() => lazy.Device.MarkStep());
        Assert.Contains("tanh", error.Message);
        Assert.Contains($"{nameof(FailureTests)}.cs:", error.Message);
        Assert.Equal(new[] { 1f, 2f }, good.ToArray<float>());
        Assert.Throws<UnsupportedOperatorException>(() => bad.ToArray<float>());
        Assert.Equal(new[] { 0f, 2f }, (x * 2).ToArray<float>());
    }

    [Fact]
    public async Task AReadOfAGoodValueSucceedsBesideABadOne()
    {
        await using var lazy = new TestEngine(backend: new FaultyBackend { Unsupported = PrimitiveKind.Tanh });
        var x = lazy.Tensor(0, 1);
        var good = x + 1;
        _ = x.Tanh();
        Assert.Equal(new[] { 1f, 2f }, good.ToArray<float>());
    }

    [Fact]
    public async Task AFailedCompileLeavesVariablesWithTheirValues()
    {
        var backend = new FaultyBackend { OnCompile = static (_, _) => new InvalidOperationException("no luck") };
        await using var lazy = new TestEngine(backend: backend);
        var w = new Parameter(lazy.Tensor(1, 2));
        w.Assign(w + 1);
        var error = Assert.Throws<CompilationException>(() => lazy.Device.MarkStep());
        Assert.Contains("no luck", error.Message);
        Assert.Equal(new[] { 1f, 2f }, w.ToArray<float>());
        backend.OnCompile = static (_, _) => null;
        w.Assign(w + 1);
        Assert.Equal(new[] { 2f, 3f }, w.ToArray<float>());
    }

    [Fact]
    public async Task AFailedTransferOfAResultFailsItsRunAlone()
    {
        var backend = new FaultyBackend { OnFetch = static () => new InvalidOperationException("cable out") };
        await using var lazy = new TestEngine(backend: backend);
        var y = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        Assert.Contains("cable out", Assert.Throws<ExecutionException>(() => y.Item()).Message);
        backend.OnFetch = static () => null;
        Assert.Equal(4f, (lazy.Tensor(3) + 1).Item());
    }

    [Fact]
    public async Task AProgramThatFailsToDisposeHarmsNobody()
    {
        var backend = new FaultyBackend { OnDispose = static () => new InvalidOperationException("stuck") };
        await using var lazy = new TestEngine(new() { CacheEntries = 1 }, backend);
        for (var size = 1; size < 5; size++) Assert.Equal(1f, (lazy.Tensor(new float[size]) + 1).ToArray<float>()[0]);
    }

    [Fact]
    public async Task AVariableWrittenAgainWhileItsRunFailsKeepsItsLastGoodValue()
    {
        var gate = new TaskCompletionSource();
        var backend = new FaultyBackend { ExecuteGate = gate.Task, OnExecute = static _ => new InvalidOperationException("lost power") };
        await using var lazy = new TestEngine(backend: backend);
        var p = new Parameter(lazy.Tensor(1));
        p.Assign(p + 1);
        lazy.Device.MarkStep();
        p.Assign(p + 1); // recorded while the run is still going
        gate.SetResult();
        Assert.Contains("lost power", (await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync())).Message);
        lazy.Device.MarkStep();
        await lazy.Device.WaitDeviceOpsAsync(); // fails for want of the first, of which somebody has been told
        backend.OnExecute = static _ => null;
        Assert.Equal(1f, p.Item());
    }

    [Fact]
    public async Task AnInputIsAValueNotAHandle()
    {
        await using var lazy = new TestEngine();
        var model = new Linear(2, 1, lazy.Device, seed: 1);
        var x = Tensor.Ones([1, 2], lazy.Device);
        _ = model.Forward(x);
        model.LoadParameters(new Dictionary<string, Tensor> { ["weight"] = Tensor.Full([2, 1], 3, lazy.Device), ["bias"] = Tensor.Zeros([1], lazy.Device) });
        Assert.Equal(6f, model.Forward(x).Item());
    }

    [Fact]
    public async Task CancellationDuringCompileChangesNothingAndTheStepCanBeMarkedAgain()
    {
        using var source = new CancellationTokenSource();
        var backend = new FaultyBackend();
        backend.OnCompile = (_, token) =>
        {
            source.Cancel();
            return token.IsCancellationRequested ? new OperationCanceledException(token) : null;
        };
        await using var lazy = new TestEngine(backend: backend);
        var w = new Parameter(lazy.Tensor(1, 2));
        w.Assign(w + 1);
        Assert.ThrowsAny<OperationCanceledException>(() => lazy.Device.MarkStep(source.Token));
        backend.OnCompile = static (_, _) => null;
        lazy.Device.MarkStep();
        Assert.True(w.IsSubmitted);
        Assert.Equal(new[] { 2f, 3f }, w.ToArray<float>());
    }

    [Fact]
    public async Task CancellingAWaitForARunLeavesTheRunAndTheValue()
    {
        var gate = new TaskCompletionSource();
        await using var lazy = new TestEngine(backend: new FaultyBackend { ExecuteGate = gate.Task });
        var y = Tensor.From(new float[500_000], [500_000], lazy.Device) + 1;
        using var source = new CancellationTokenSource();
        var reading = y.ToArrayAsync<float>(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        gate.SetResult();
        Assert.Equal(1f, (await y.ToArrayAsync<float>())[0]);
    }

    [Fact]
    public async Task AFailedRunPutsVariablesBackAndGivesEveryReaderTheSameError()
    {
        var backend = new FaultyBackend();
        await using var lazy = new TestEngine(backend: backend);
        var w = new Parameter(lazy.Tensor(1, 2));
        w.Assign(w + 1);
        lazy.Device.MarkStep();
        await lazy.Device.WaitDeviceOpsAsync();
        backend.OnExecute = static _ => new InvalidOperationException("device on fire");
        w.Assign(w * 10);
        var loss = w.Sum();
        lazy.Device.MarkStep();
        var first = Assert.Throws<ExecutionException>(() => loss.Item());
        Assert.Contains("device on fire", first.Message);
        Assert.Same(first, Assert.Throws<ExecutionException>(() => loss.Item()));
        backend.OnExecute = static _ => null;
        Assert.Equal(new[] { 2f, 3f }, w.ToArray<float>());
        Assert.Equal(new[] { 3f, 4f }, (w + 1).ToArray<float>());
    }

    [Fact]
    public async Task QueuedRunsThatDependOnAFailedOneFailWithItOthersDoNot()
    {
        var gate = new TaskCompletionSource();
        var failing = true;
        var backend = new FaultyBackend { ExecuteGate = gate.Task, OnExecute = _ => failing ? new InvalidOperationException("first run") : null };
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, backend);
        var big = Tensor.From(new float[500_000], [500_000], lazy.Device);
        var w = new Parameter(big);
        w.Assign(w + 1);
        lazy.Device.MarkStep();
        w.Assign(w + 1);
        var dependent = w.Sum();
        lazy.Device.MarkStep();
        var independent = (big + 5).Sum();
        lazy.Device.MarkStep();
        backend.OnExecute = _ => { var now = failing; failing = false; return now ? new InvalidOperationException("first run") : null; };
        gate.SetResult();
        Assert.Equal(2_500_000f, await independent.ItemAsync<float>());
        Assert.Contains("first run", (await Assert.ThrowsAsync<ExecutionException>(() => dependent.ItemAsync<float>())).Message);
        Assert.Equal(0f, w.ToArray<float>()[0]);
    }

    [Fact]
    public async Task OutOfMemoryNamesTheHoldersAndTheDeviceGoesOn()
    {
        await using var lazy = new TestEngine(new() { MemoryBudget = 1 << 20 });
        var held = Tensor.From(new float[200_000], [200_000], lazy.Device);
        var error = Assert.Throws<DeviceMemoryException>(() => (held + 1).ToArray<float>());
        Assert.Contains("f32[200000]", error.Message);
        Assert.Equal(2f, (lazy.Tensor(1) + 1).Item());
        Assert.Equal(0f, held.ToArray<float>()[0]);
    }

    [Fact]
    public async Task AfterItsBackendIsGoneADeviceSaysSo()
    {
        var lazy = new TestEngine();
        var small = lazy.Tensor(1, 2);
        var big = Tensor.From(new float[40_000], [40_000], lazy.Device);
        await lazy.Engine.RemoveBackendAsync("reference");
        Assert.Throws<DeviceGoneException>(() => big.ToArray<float>());
        Assert.Throws<DeviceGoneException>(() => (small + 1).ToArray<float>());
        Assert.Equal(new[] { 1f, 2f }, small.ToArray<float>());
        await lazy.DisposeAsync();
    }
}
