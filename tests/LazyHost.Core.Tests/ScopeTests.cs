using System.Text.RegularExpressions;

namespace LazyHost.Tests;

/// <summary>Named scopes, and the user's frames.</summary>
public sealed class ScopeTests
{
    [Fact]
    public void PathsHaveAPlaceAtEachLevel()
    {
        var root = new IrScope();
        Assert.Null(root.Path);
        var encoder = root.Enter("encoder");
        Assert.Equal(["encoder.1", "encoder.1/embed.1", "encoder.1/attention.2", "encoder.1/attention.2/softmax.1", "decoder.2"],
        [
            encoder.Path, encoder.Enter("embed").Path, encoder.Enter("attention") is var attention ? attention.Path : null, attention.Enter("softmax").Path,
            root.Enter("decoder").Path,
        ]);
    }

    [Fact]
    public void NumbersBeginAgainWithEachStepAfterTheScopesThatAreOpen()
    {
        var root = new IrScope();
        _ = root.Enter("a");
        root.Restart();
        var train = root.Enter("train");
        Assert.Equal("train.1", train.Path);
        for (var step = 0; step < 3; step++)
        {
            Assert.Equal("train.1/encoder.1", train.Enter("encoder").Path);
            Assert.Equal("train.1/decoder.2", train.Enter("decoder").Path);
            train.Restart();
        }
        Assert.Equal("test.2", root.Enter("test").Path);
    }

    [Theory]
    [InlineData("/src/Model.cs", 41, null, "Model.cs:41")]
    [InlineData("/src/Model.cs", 41, "encoder.1", "Model.cs:41 in encoder.1")]
    [InlineData("", 0, "encoder.1", "scope encoder.1")]
    [InlineData("Model.Forward", 0, null, "Model.Forward")]
    public void APlaceNamesWhatIsKnown(string file, int line, string? scope, string text) => Assert.Equal(text, new CallSite(file, line, scope).ToString());

    [Fact]
    public async Task NodesShowTheScopeTheyWereRecordedInAndKeysDoNot()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1);
        string Step(string name)
        {
            Tensor y;
            using (lazy.Device.Scope(name))
            {
                y = x + 1;
                using (lazy.Device.Scope("attention")) y *= 2;
                using (lazy.Device.Scope("feed")) y -= 3;
                y = y.Neg();
            }
            y = y.Exp();
            var dump = Regex.Replace(y.Dump(), @"ScopeTests\.cs:\d+", "here");
            lazy.Device.MarkStep();
            return dump;
        }
        var first = Step("encoder");
        foreach (var line in new[]
        {
            "add(%0, %1) : f32[1]  in encoder.1\n", "mul(%2, %3) : f32[1]  in encoder.1/attention.1\n", "sub(%4, %5) : f32[1]  in encoder.1/feed.2\n",
            "neg(%6) : f32[1]  at here in encoder.1\n", "exp(%7) : f32[1]  ROOT 0  at here\n", "%0 = parameter() {slot=0, dtype=f32, sizes=[1]} : f32[1]\n",
        }) Assert.Contains(line, first, StringComparison.Ordinal);
        Assert.Equal(first, Step("encoder"));
        Assert.Contains("decoder.1/attention.1", Step("decoder"), StringComparison.Ordinal);
        Assert.Equal((1, 2), (lazy.Compiles, lazy.Hits));
    }

    [Fact]
    public async Task AScopeFollowsItsFlowAndNoOther()
    {
        await using var lazy = new TestEngine();
        using (lazy.Device.Scope("mine"))
        {
            _ = (lazy.Tensor(1) + 1).Item(); // a read ends the flow's segment, not its scope
            await Task.Yield();
            Assert.Contains("  in mine.1", (lazy.Tensor(1) + 1).Dump(), StringComparison.Ordinal);
            var thread = new Thread(() => Assert.DoesNotContain("mine", (lazy.Tensor(1) + 1).Dump(), StringComparison.Ordinal));
            using (ExecutionContext.SuppressFlow()) thread.Start();
            thread.Join();
        }
        Assert.DoesNotContain("mine", (lazy.Tensor(1) + 1).Dump(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => lazy.Device.Scope(" "));
    }

    [Fact]
    public async Task GradientsAreSeenInTheScopeOfWhatTheyAreTheGradientOf()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, 2));
        Tensor loss;
        using (lazy.Device.Scope("layer")) loss = (w * w).Sum();
        loss.Backward();
        Assert.Matches(@"mul\(.*\) : f32\[2\]  (at .* )?in layer\.1\n[^$]*ROOT 0", w.Grad!.Dump());
        Assert.DoesNotContain("layer", (w + 1).Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorsNameTheScopeAndTheUsersPlaceEvenOfOperators()
    {
        await using var lazy = new TestEngine();
        using var scope = lazy.Device.Scope("encoder");
        var error = Assert.Throws<ShapeMismatchException>(() => lazy.Tensor(1, 2, 3) + lazy.Tensor(1, 2));
        Assert.Matches(@"^add: .* \(at ScopeTests\.cs:\d+ in encoder\.1\)$", error.Message);
        var inModule = Assert.Throws<ShapeMismatchException>(() => new Sequential(new Linear(4, 2, lazy.Device)).Forward(lazy.Tensor(1, 2, 3)));
        Assert.Matches(@"^matmul: .* \(at ScopeTests\.cs:\d+ in encoder\.1\)$", inModule.Message);
    }

    [Fact]
    public async Task WithFramesEveryNodeHasTheUsersPlace()
    {
        await using var lazy = new TestEngine(new() { Frames = true });
        var layer = new Linear(2, 2, lazy.Device, seed: 1);
        var y = new Sequential(layer, new ReLU()).Forward(lazy.Tensor(1, 2).Unsqueeze(0)) + 1;
        var optimizer = new SGD(layer.Parameters(), 0.1);
        y.Sum().Backward();
        optimizer.Step();
        var nodes = lazy.Device.Dump([layer.Weight, y]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.Contains("= parameter(", StringComparison.Ordinal) && !l.Contains("= scalar(", StringComparison.Ordinal));
        Assert.All(nodes, line => Assert.Contains("at ScopeTests.cs:", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutFramesAModulesNodesNameItsFile()
    {
        await using var lazy = new TestEngine();
        Assert.Contains("at Linear.cs:", new Linear(2, 2, lazy.Device, seed: 1).Forward(lazy.Tensor(1, 2)).Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailedRunNamesTheUsersPlaceAndScopeLongAfterTheCall()
    {
        await using var lazy = new TestEngine(new() { Frames = true }, new FaultyBackend { OnExecute = _ => new InvalidOperationException("broken") });
        Tensor y;
        using (lazy.Device.Scope("head")) y = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        var error = await Assert.ThrowsAsync<ExecutionException>(() => y.ToArrayAsync<float>());
        Assert.Matches(@"\(at ScopeTests\.cs:\d+ in head\.1\)$", error.Message);
    }

    [Fact]
    public async Task FramesAreTheUsersOwn()
    {
        static CallSite? Lambda() => ((Func<CallSite?>)(() => SourceFrames.Innermost()))();
        Assert.Equal("ScopeTests.cs", Path.GetFileName(Lambda()!.Value.File));
        Assert.True(Lambda()!.Value.Line > 0);
        await Task.Yield();
        Assert.Equal("ScopeTests.cs", Path.GetFileName(SourceFrames.Innermost()!.Value.File));
        var frames = SourceFrames.All();
        Assert.StartsWith("ScopeTests.FramesAreTheUsersOwn (ScopeTests.cs:", frames[0], StringComparison.Ordinal);
        Assert.DoesNotContain(frames, f => f.Contains("MoveNext", StringComparison.Ordinal));
    }
}
