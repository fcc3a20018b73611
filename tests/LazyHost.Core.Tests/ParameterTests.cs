namespace LazyHost.Tests;

/// <summary>Parameters that get their values through views and assignments.</summary>
public sealed class ParameterTests
{
    [Fact]
    public async Task AModuleInitializedThroughViewsLearnsLikeAnyOther()
    {
        static async Task<(float[] Values, long Computed)> TrainAsync(bool throughViews)
        {
            await using var lazy = new TestEngine();
            var model = new Linear(2, 3, lazy.Device, seed: 1);
            using (GradMode.NoGrad())
                if (throughViews)
                {
                    for (var i = 0; i < 2; i++) model.Weight[i].Fill(i + 1);
                    model.Weight.Transpose()[0].AddInPlace(10);
                    model.Bias!.View([3, 1])[1..].Zero();
                    model.Bias[0].Fill(0.5);
                }
                else
                {
                    model.Weight.Assign(Tensor.From([11f, 1, 1, 12, 2, 2], [2, 3], lazy.Device));
                    model.Bias!.Assign(lazy.Tensor(0.5f, 0, 0));
                }
            lazy.Device.MarkStep();
            var computed = lazy.Engine.Metrics.SyncedTensorsWithIR.Total;
            var optimizer = new SGD(model.Parameters(), 0.01, momentum: 0.5);
            for (var step = 0; step < 3; step++)
            {
                optimizer.ZeroGrad();
                model.Forward(Tensor.From([1f, -1, 2, 0.5f], [2, 2], lazy.Device)).Square().Mean().Backward();
                optimizer.Step();
                lazy.Device.MarkStep();
            }
            return ([.. model.Weight.ToArray<float>(), .. model.Bias.ToArray<float>()], computed);
        }
        var (expected, _) = await TrainAsync(false);
        var (values, computed) = await TrainAsync(true);
        Assert.Equal(expected, values);
        Assert.Equal(2, computed); // weight and bias: neither views nor values between
    }

    [Fact]
    public async Task AStepOfAnOptimizerComputesTheLossAndTheParameters()
    {
        await using var lazy = new TestEngine();
        var model = new Linear(2, 3, lazy.Device, seed: 1);
        var optimizer = new SGD(model.Parameters(), 0.01);
        var loss = model.Forward(Tensor.Ones([1, 2], lazy.Device)).Square().Mean();
        loss.Backward();
        optimizer.Step();
        lazy.Device.MarkStep();
        Assert.Equal(3, lazy.Engine.Metrics.SyncedTensorsWithIR.Total);
    }

    [Fact]
    public async Task WhatWasAssignedOutlivesTheParameter()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.From(new float[40_000], [40_000], lazy.Device); // too large for managed memory
        var state = new Parameter(x);
        using var noGrad = GradMode.NoGrad();
        var (early, late) = (x + 2, x + 3);
        state.Assign(early);
        lazy.Device.MarkStep();
        Assert.Equal(2f, early.ToArray<float>()[7]);
        state.Assign(late);
        for (var i = 0; i < 4; i++)
        {
            lazy.Device.MarkStep();
            state.AddInPlace(1);
        }
        lazy.Device.MarkStep();
        await lazy.Device.WaitDeviceOpsAsync();
        Assert.Equal((2f, 3f, 7f), (early.ToArray<float>()[7], late.ToArray<float>()[7], state.ToArray<float>()[7]));
    }

    [Fact]
    public async Task AnAssignedParameterIsComputedOnce()
    {
        await using var lazy = new TestEngine();
        var parameter = new Parameter(lazy.Tensor(1, 2));
        var source = lazy.Tensor(3, 4) * 2;
        using (GradMode.NoGrad()) parameter.Assign(source);
        lazy.Device.MarkStep();
        Assert.Equal(1, lazy.Engine.Metrics.SyncedTensorsWithIR.Total); // the assignment took it
        Assert.Equal([6f, 8], parameter.ToArray<float>());
        using (GradMode.NoGrad()) parameter.AddInPlace(1);
        Assert.Equal([6f, 8], source.ToArray<float>());
        (parameter * parameter).Sum().Backward();
        Assert.Equal([14f, 18], parameter.Grad!.ToArray<float>());
        Assert.False(parameter.IsAliasOf(source));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LoadingInTheMiddleOfASegmentIsWhatTheNextWriteStartsFrom(bool fails)
    {
        var backend = new FaultyBackend();
        await using var lazy = new TestEngine(backend: backend);
        var model = new Linear(1, 1, lazy.Device);
        using var noGrad = GradMode.NoGrad();
        model.Weight.Assign(model.Weight * 0);
        model.LoadParameters(new Dictionary<string, Tensor> { ["weight"] = Tensor.From([10f], [1, 1], lazy.Device), ["bias"] = lazy.Tensor(1) });
        model.Weight.Assign(model.Weight + 5);
        if (fails)
        {
            backend.OnCompile = static (_, _) => new InvalidOperationException("no luck");
            Assert.Throws<CompilationException>(() => lazy.Device.MarkStep());
            backend.OnCompile = static (_, _) => null;
        }
        else lazy.Device.MarkStep();
        Assert.Equal((fails ? 10f : 15f, 1f), (model.Weight.Item(), model.Bias!.Item()));
    }
}
