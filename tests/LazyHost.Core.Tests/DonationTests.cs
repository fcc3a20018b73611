using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Captured functions update what they assign to in place, where nobody can tell.</summary>
public sealed class DonationTests : IAsyncDisposable
{
    private const int Size = 100_000;

    private readonly TestEngine lazy = new(null, new SimdBackend(new SimdSettings { Threads = 1 }));

    public ValueTask DisposeAsync() => lazy.DisposeAsync();

    private Tensor Large(float value) => Tensor.Full([Size], value, lazy.Device);

    private CompiledFunction<Tensor> Adding(Tensor total) => Lazy.Compile(x =>
    {
        total.Assign(total + x);
        return x.Sum();
    });

    [Fact]
    public async Task AVariableIsUpdatedWhereItIs()
    {
        var (total, x) = (Large(0), Large(1));
        total.Assign(total + 0);
        var f = Adding(total);
        f.Run(x);
        lazy.Device.MarkStep();
        for (var i = 0; i < 20; i++)
        {
            f.Run(x);
            lazy.Device.MarkStep();
        }
        await lazy.Device.WaitDeviceOpsAsync();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // The variable and the argument; without donation, two earlier values of the variable as well.
        Assert.InRange(lazy.Device.MemoryUse.InUse, 0, (2 * Size * sizeof(float)) + 10_000);
        Assert.Equal(Enumerable.Repeat(21f, Size), total.ToArray<float>());
    }

    [Fact]
    public void ValuesComputedFromItBeforeStayAsTheyWere()
    {
        var total = Large(1);
        var f = Adding(total);
        f.Run(Large(1));
        var (doubled, copy, kept) = (total * 2, Large(0), total.Clone().Keep());
        copy.Assign(total);
        f.Run(Large(1));
        Assert.Equal(4f, doubled.ToArray<float>()[7]);
        Assert.Equal(2f, copy.ToArray<float>()[7]);
        Assert.Equal(2f, kept.ToArray<float>()[7]);
        Assert.Equal(3f, total.ToArray<float>()[7]);
    }

    [Fact]
    public async Task InAStepScopeItCanStillBePutBack()
    {
        var total = Large(1);
        var f = Adding(total);
        f.Run(Large(1));
        lazy.Device.MarkStep();
        await using (lazy.Device.BeginStep())
        {
            f.Run(Large(10));
            f.Run(Large(10));
        }
        Assert.Equal(2f, total.ToArray<float>()[7]);
    }

    [Fact]
    public async Task ReadersSeeWholeValuesWhileItIsUpdated()
    {
        var total = Large(0);
        var f = Adding(total);
        var x = Large(1);
        f.Run(x);
        var sum = Lazy.Compile(t => total + (t * 0));
        using var over = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(kind => Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                var values = (kind switch { 0 => total, 1 => sum.Run(x), _ => total + 1 }).ToArray<float>();
                Assert.Equal(values[0], values[^1]);
            }
        }, TestContext.Current.CancellationToken)).ToArray();
        for (var i = 0; i < 200; i++)
        {
            f.Run(x);
            lazy.Device.MarkStep();
        }
        await over.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(201f, total.ToArray<float>()[7]);
    }

    [Fact]
    public async Task AVariableThatAFailedRunWasUpdatingIsLost()
    {
        var backend = new FaultyBackend(new SimdBackend(new SimdSettings { Threads = 1 }));
        await using var faulty = new TestEngine(null, backend);
        var (total, other) = (Tensor.Full([Size], 1, faulty.Device), Tensor.Full([Size], 5, faulty.Device));
        var f = Adding(total);
        f.Run(Tensor.Full([Size], 1, faulty.Device));
        faulty.Device.MarkStep();
        await faulty.Device.WaitDeviceOpsAsync();
        backend.OnExecute = _ => new InvalidOperationException("power");
        var sum = f.Run(Tensor.Full([Size], 1, faulty.Device));
        await Assert.ThrowsAsync<ExecutionException>(() => sum.ToArrayAsync<float>());
        backend.OnExecute = _ => null;
        Assert.Contains("in place", (await Assert.ThrowsAsync<LostValueException>(() => total.ToArrayAsync<float>())).Message, StringComparison.Ordinal);
        Assert.Equal(5f, other.ToArray<float>()[0]);
        total.Assign(other * 2);
        faulty.Device.MarkStep();
        Assert.Equal(10f, total.ToArray<float>()[0]);
    }
}
