namespace LazyHost.Tests;

/// <summary>What is computed, when, and how often: roots, learned roots, expiry.</summary>
public sealed class SegmentTests
{
    [Fact]
    public async Task AWhileLoopWithAReadCompilesAtMostThreeSegments()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(100, 50);
        var err = (x * 0) + 1;
        var steps = 0;
        while (err.ToArray<float>().Max() > 1e-3f && steps++ < 100)
        {
            var next = (x + (lazy.Tensor(2, 2) / x)) * 0.5;
            err = (next - x).Abs();
            x = next;
        }
        Assert.InRange(steps, 5, 99);
        Assert.Equal(1.41421f, x.ToArray<float>()[0], 1e-4f);
        Assert.True(lazy.Compiles - 1 <= 3, $"{lazy.Compiles - 1} segments of the loop were compiled");
    }

    [Fact]
    public async Task AConsumedValueUsedLaterIsComputedAgainOnceThenLearned()
    {
        await using var lazy = new TestEngine();
        for (var i = 0; i < 5; i++)
        {
            var hidden = lazy.Tensor(1, 2, 3) * 2;
            var y = hidden.Sum();
            lazy.Device.MarkStep();
            Assert.Equal(12f, y.Item());
            Assert.Equal(new[] { 2f, 4f, 6f }, hidden.ToArray<float>());
        }
        Assert.Equal(2, lazy.Compiles);
    }

    [Fact]
    public async Task AnInferenceLoopWithReadsDoesNotGrow()
    {
        await using var lazy = new TestEngine();
        var w = Tensor.From(Enumerable.Range(0, 64).Select(i => i / 64f).ToArray(), [8, 8], lazy.Device);
        var warm = 0L;
        for (var i = 0; i < 10_000; i++)
        {
            var y = lazy.Tensor(1, 2, 3, 4, 5, 6, 7, i).Unsqueeze(0).MatMul(w).Relu();
            _ = await y.ToArrayAsync<float>();
            if (i == 100) warm = lazy.Device.MemoryUse.InUse;
        }
        // The data cache holds at most its entries; nothing else may remain.
        Assert.True(lazy.Device.MemoryUse.InUse <= warm + (128 * 64), $"{warm} -> {lazy.Device.MemoryUse.InUse}");
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task CollectionsChangeNeitherKeysNorCompilesNorLosses()
    {
        async Task<(List<float> Losses, long Compiles, long Hits)> Train(bool collect)
        {
            await using var lazy = new TestEngine();
            var random = new Random(7);
            var model = new Sequential(new Linear(4, 16, lazy.Device, seed: 1), new ReLU(), new Linear(16, 1, lazy.Device, seed: 2));
            var optimizer = new Adam(model.Parameters(), 0.01);
            var losses = new List<float>();
            for (var step = 0; step < 200; step++)
            {
                var x = Tensor.From(Enumerable.Range(0, 32).Select(i => MathF.Sin(i + step)).ToArray(), [8, 4], lazy.Device);
                var hidden = model.Forward(x);
                if (collect && random.Next(3) == 0) GC.Collect();
                var loss = (hidden - x.Sum(axis: 1, keepDims: true)).Square().Mean();
                optimizer.ZeroGrad();
                loss.Backward();
                if (collect && random.Next(3) == 0) { GC.Collect(); GC.WaitForPendingFinalizers(); }
                optimizer.Step();
                lazy.Device.MarkStep();
                if (step % 10 == 0) losses.Add(loss.Item());
            }
            return (losses, lazy.Compiles, lazy.Hits);
        }
        var calm = await Train(false);
        var stirred = await Train(true);
        Assert.Equal(calm.Losses, stirred.Losses);
        Assert.Equal((calm.Compiles, calm.Hits), (stirred.Compiles, stirred.Hits));
        Assert.Equal(1, calm.Compiles);
        Assert.True(calm.Losses[^1] < calm.Losses[0] * 0.2);
    }

    [Fact]
    public async Task AValueExpiresWhenItsVariableHasBeenOverwrittenTwiceAndSaysSo()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(Tensor.Zeros([40_000], lazy.Device));
        w.Assign(w + 1);
        lazy.Device.MarkStep();
        var hidden = w * 2;
        var used = hidden.Sum();
        w.Assign(w + 1);
        lazy.Device.MarkStep();
        Assert.Equal(80_000f, used.Item());
        for (var i = 0; i < 3; i++)
        {
            w.Assign(w + 1);
            lazy.Device.MarkStep();
        }
        await lazy.Device.WaitDeviceOpsAsync();
        var error = Assert.Throws<ExpiredValueException>(() => hidden.ToArray<float>());
        Assert.Contains("overwritten twice", error.Message);
        Assert.Contains("Keep()", error.Message);
        Assert.Equal(5f, w.ToArray<float>()[0]);
    }

    [Fact]
    public async Task AKeptValueDoesNotExpire()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(Tensor.Ones([40_000], lazy.Device));
        var hidden = (w * 2).Keep();
        _ = hidden.Sum();
        for (var i = 0; i < 4; i++)
        {
            w.Assign(w + 1);
            lazy.Device.MarkStep();
        }
        Assert.Equal(2f, hidden.ToArray<float>()[0]);
    }

    [Fact]
    public async Task StateInPlainTensorsNeedsNoKeep()
    {
        await using var lazy = new TestEngine();
        var average = Tensor.Zeros([3], lazy.Device);
        for (var i = 1; i <= 20; i++)
        {
            average.Assign((average * 0.5) + (lazy.Tensor(1, 2, 3) * 0.5));
            lazy.Device.MarkStep();
        }
        Assert.Equal(3f, average.ToArray<float>()[2], 1e-4f);
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task AnotherFlowsPendingTensorIsComputedFirst()
    {
        await using var lazy = new TestEngine();
        Tensor pending = null!;
        var thread = new Thread(() => pending = lazy.Tensor(1, 2) * 10);
        thread.Start();
        thread.Join();
        Assert.False(pending.IsSubmitted);
        var y = pending + 1;
        Assert.True(pending.IsSubmitted);
        Assert.Equal(new[] { 11f, 21f }, y.ToArray<float>());
    }

    [Fact]
    public async Task OnlyTheNewValueOfAParameterIsComputedAndNotAlsoWhatWasWrittenToIt()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, 2));
        var optimizer = new SGD([w], 0.5);
        var loss = (w * 2).Sum();
        loss.Backward();
        optimizer.Step();
        lazy.Device.MarkStep();
        Assert.Equal([0f, 1], w.ToArray<float>());
        Assert.Equal(2, lazy.Engine.Metrics.SyncedTensorsWithIR.Total);
    }

    [Fact]
    public async Task APendingTensorGivenTheValueOfAnInputIsAResultOfItsOwn()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var y = x * 3;
        y.Assign(x);
        await using (var step = lazy.Device.BeginStep())
        {
            x.Assign(x + 1);
            await step.CompleteAsync();
        }
        Assert.Equal([1f, 2], y.ToArray<float>());
    }

    [Fact]
    public async Task WhatWasAssignedDoesNotExpireWithTheVariable()
    {
        await using var lazy = new TestEngine();
        Tensor x = lazy.Tensor(1, 2), state = lazy.Tensor(0, 0);
        var t = x * 2;
        var kept = (state + 5).Keep();
        state.Assign(t);
        state.Assign(kept);
        state.Assign(t);
        for (var i = 0; i < 4; i++)
        {
            lazy.Device.MarkStep();
            state.Assign(i == 0 ? kept : state + 1);
        }
        lazy.Device.MarkStep();
        Assert.Equal([2f, 4], t.ToArray<float>()); // neither it nor x was overwritten
        Assert.Equal([5f, 5], kept.ToArray<float>());
        Assert.Equal([8f, 8], state.ToArray<float>());
    }

    [Fact]
    public async Task WhatIsAskedForTogetherDoesNotExpireByEndingTheSegment()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var early = x * 2;
        x.Assign(early + x);
        lazy.Device.MarkStep();
        var late = x + 1;
        x.Assign(x + 1);
        Assert.Equal([[4f, 7], [2f, 4]], await Tensor.ToArraysAsync<float>([late, early]));
    }

    [Fact]
    public async Task OverwritingAnotherHandleOfAVariablesValueDoesNotCount()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var early = x.Lt(lazy.Tensor(2, 2));
        _ = early.LogicalNot();
        var t = x * 2;
        x.Assign(t);
        lazy.Device.MarkStep();
        t.AddInPlace(1);
        lazy.Device.MarkStep();
        Assert.Equal([true, false], early.ToArray<bool>()); // x was overwritten once
        Assert.Equal([2f, 4], x.ToArray<float>());
        Assert.Equal([3f, 5], t.ToArray<float>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AKeptValueThatWasAssignedToAVariableDoesNotExpireWithIt(bool isWrittenBefore)
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        if (isWrittenBefore) x.AddInPlace(1);
        var t = x * 2;
        if (isWrittenBefore) t.Keep();
        x.Assign(t);
        if (!isWrittenBefore)
        {
            t.Keep();
            x.Keep(); // once for each of the two
        }
        for (var i = 0; i < 4; i++)
        {
            lazy.Device.MarkStep();
            x.AddInPlace(1);
        }
        Assert.Equal(isWrittenBefore ? [4f, 6] : [2f, 4], t.ToArray<float>());
    }

    [Fact]
    public async Task AKeptValueOutlivesOverwritesOfATensorThatSharesIt()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var (kept, other) = ((x * 2).Keep(), x + 1);
        other.Assign(kept);
        for (var i = 0; i < 4; i++)
        {
            lazy.Device.MarkStep();
            other.AddInPlace(1);
            x.AddInPlace(1);
        }
        Assert.Equal([2f, 4], kept.ToArray<float>());
        Assert.Equal([6f, 8], other.ToArray<float>());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40_000)] // more than moves to managed memory
    public async Task AConsumedValueOfAScopeIsReadAfterItInEveryStepAlike(int size)
    {
        await using var lazy = new TestEngine();
        var x = Tensor.Ones([size], lazy.Device);
        for (var i = 0; i < 3; i++)
        {
            Tensor hidden, loss;
            await using (var step = lazy.Device.BeginStep())
            {
                hidden = x * 2;
                loss = hidden.Sum();
                await step.CompleteAsync();
            }
            Assert.Equal(2f * size, loss.Item());
            Assert.Equal(2f, hidden.ToArray<float>()[1]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40_000)]
    public async Task AConsumedValueOfAScopeOutlivesOverwritesOfATensorThatSharesIt(int size)
    {
        await using var lazy = new TestEngine();
        var x = Tensor.Ones([size], lazy.Device);
        for (var i = 0; i < 3; i++)
        {
            Tensor hidden, other;
            await using (var step = lazy.Device.BeginStep())
            {
                hidden = x * 2;
                other = hidden + 1;
                other.Assign(hidden);
                _ = (x + 1).ToArray<float>();
                other.AddInPlace(1);
                other.Keep();
                await step.CompleteAsync();
            }
            Assert.Equal(2f, hidden.ToArray<float>()[1]);
            Assert.Equal(3f, other.ToArray<float>()[1]);
        }
    }

    [Fact]
    public async Task ATensorAssignedToItselfIsAResult()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2) * 2;
        x.Assign(x);
        lazy.Device.MarkStep();
        Assert.True(x.IsSubmitted);
    }

    [Fact]
    public void WithoutRoomNothingIsLearned()
    {
        var none = new LearnedRoots(0);
        Assert.False(none.Add(1, new(2)));
        Assert.True(none.Get(1).IsEmpty);
        var one = new LearnedRoots(1);
        Assert.True(one.Add(1, new(2)));
        Assert.True(one.Add(2, new(3)));
        Assert.Equal((true, 1), (one.Get(1).IsEmpty, one.Get(2).Length));
    }

    [Fact]
    public async Task WhatIsTakenOffAgainLeavesNoOutputsBehind()
    {
        await using var lazy = new TestEngine();
        var recording = lazy.Device.Context.RentRecording(null);
        var x = recording.Input(DeviceData.FromManaged(lazy.Device, new(DType.Float32, [2]), new byte[8]), null);
        var mark = recording.Mark();
        recording.Add(Operators.Sort.Form, [new(x)], default, new(DType.Float32, [2]));
        recording.ExtraOutputs[new(x + 1, 1)] = new(DType.Int64, [2]);
        recording.Leaves.Add(x + 1, new Parameter(lazy.Tensor(1)));
        recording.Undo(mark);
        Assert.Equal((1, 0, 0), (recording.Count, recording.ExtraOutputs.Count, recording.Leaves.Count));
        recording.Release();
    }
}
