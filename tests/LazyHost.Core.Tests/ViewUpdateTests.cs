namespace LazyHost.Tests;

/// <summary>Writes through every kind of view, and where they show: in each mode, with each kind of boundary between the operations, and in gradients.</summary>
public sealed class ViewUpdateTests
{
    /// <summary>What happens to x, 3 x 4 of 0 .. 11, and what each tensor shows in the end; the second argument stands between the operations.</summary>
    private static readonly Dictionary<string, Func<Tensor, Action, (Tensor Shows, float[] Elements)[]>> Cases = new()
    {
        ["narrow"] = (x, then) =>
        {
            var v = x.Narrow(0, 1, 1);
            then();
            v.AddInPlace(100);
            then();
            return [(x, [0, 1, 2, 3, 104, 105, 106, 107, 8, 9, 10, 11]), (v, [104, 105, 106, 107])];
        },
        ["narrow, then its base"] = (x, then) =>
        {
            var v = x.Narrow(1, 1, 2);
            v.MulInPlace(10);
            then();
            x.AddInPlace(1);
            then();
            return [(x, [1, 11, 21, 4, 5, 51, 61, 8, 9, 91, 101, 12]), (v, [11, 21, 51, 61, 91, 101])];
        },
        ["two slices that overlap"] = (x, then) =>
        {
            Tensor a = x.Narrow(0, 0, 2), b = x.Narrow(0, 1, 2);
            a.AddInPlace(100);
            then();
            b.MulInPlace(2);
            then();
            return [(x, [100, 101, 102, 103, 208, 210, 212, 214, 16, 18, 20, 22]), (a, [100, 101, 102, 103, 208, 210, 212, 214]), (b, [208, 210, 212, 214, 16, 18, 20, 22])];
        },
        ["narrow of a reshape"] = (x, then) =>
        {
            var v = x.View([4, 3]).Narrow(1, 0, 1);
            then();
            v.Fill(-1);
            then();
            return [(x, [-1, 1, 2, -1, 4, 5, -1, 7, 8, -1, 10, 11]), (v, [-1, -1, -1, -1])];
        },
        ["narrow in narrow"] = (x, then) =>
        {
            var outer = x.Narrow(0, 1, 2);
            then();
            var v = outer.Narrow(1, 1, 2);
            v.SubInPlace(5);
            then();
            return [(x, [0, 1, 2, 3, 4, 0, 1, 7, 8, 4, 5, 11]), (outer, [4, 0, 1, 7, 8, 4, 5, 11]), (v, [0, 1, 4, 5])];
        },
        ["reshape"] = (x, then) =>
        {
            var v = x.View([2, 6]);
            then();
            v.AddInPlace(Tensor.From([10f, 20, 30, 40, 50, 60], [6], x.Device));
            then();
            return [(x, [10, 21, 32, 43, 54, 65, 16, 27, 38, 49, 60, 71])];
        },
        ["reshape of a reshape"] = (x, then) =>
        {
            var v = x.View([2, 6]);
            var w = v.View([3, 2, 2]);
            v.AddInPlace(1);
            then();
            w.MulInPlace(2);
            then();
            float[] doubled = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24];
            return [(x, doubled), (v, doubled), (w, doubled)];
        },
        ["squeeze"] = (x, then) =>
        {
            var v = x.View([3, 1, 4]).Squeeze(1);
            then();
            v.AddInPlace(1);
            then();
            return [(x, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])];
        },
        ["unsqueeze"] = (x, then) =>
        {
            var v = x.Unsqueeze(0, -1);
            then();
            v.NegInPlace();
            then();
            return [(x, [0, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11])];
        },
        ["strided"] = (x, then) =>
        {
            var v = x.AsStrided([2, 3], [6, 2], 1);
            then();
            v.Zero();
            then();
            return [(x, [0, 0, 2, 0, 4, 0, 6, 0, 8, 0, 10, 0]), (v, [0, 0, 0, 0, 0, 0])];
        },
        ["strided, copied into"] = (x, then) =>
        {
            var v = x.AsStrided([3, 2], [4, 1]);
            then();
            v.CopyFrom(Tensor.From([1f, 2, 3, 4, 5, 6], [3, 2], x.Device));
            then();
            return [(x, [1, 2, 2, 3, 3, 4, 6, 7, 5, 6, 10, 11]), (v, [1, 2, 3, 4, 5, 6])];
        },
        ["strided over fewer elements"] = (x, then) =>
        {
            var v = x.AsStrided([2, 2], [2, 1]);
            then();
            v.MulInPlace(-1);
            then();
            return [(x, [0, -1, -2, -3, 4, 5, 6, 7, 8, 9, 10, 11]), (v, [0, -1, -2, -3])];
        },
        ["diagonal"] = (x, then) =>
        {
            var v = x.Diagonal(1);
            then();
            v.AddInPlace(100);
            then();
            return [(x, [0, 101, 2, 3, 4, 5, 106, 7, 8, 9, 10, 111]), (v, [101, 106, 111])];
        },
        ["permute"] = (x, then) =>
        {
            var v = x.View([3, 2, 2]).Permute(2, 0, 1);
            then();
            v.Select(0, 1).AddInPlace(100);
            then();
            return [(x, [0, 101, 2, 103, 4, 105, 6, 107, 8, 109, 10, 111]), (v, [0, 2, 4, 6, 8, 10, 101, 103, 105, 107, 109, 111])];
        },
        ["transpose"] = (x, then) =>
        {
            var v = x.Transpose(0, 1);
            then();
            v.AddInPlace(Tensor.From([10f, 20, 30], [3], x.Device));
            then();
            return [(x, [10, 11, 12, 13, 24, 25, 26, 27, 38, 39, 40, 41]), (v, [10, 24, 38, 11, 25, 39, 12, 26, 40, 13, 27, 41])];
        },
        ["flatten, base and view in turn"] = (x, then) =>
        {
            var v = x.Flatten();
            x.AddInPlace(1);
            then();
            v.MulInPlace(2);
            then();
            x.SubInPlace(2);
            then();
            return [(x, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]), (v, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22])];
        },
        ["expand of a row that is written"] = (x, then) =>
        {
            var wide = x[0].Expand([2, 4]);
            then();
            x[0].AddInPlace(50);
            then();
            return [(x, [50, 51, 52, 53, 4, 5, 6, 7, 8, 9, 10, 11]), (wide, [50, 51, 52, 53, 50, 51, 52, 53])];
        },
        ["a range with a step"] = (x, then) =>
        {
            var v = x[TensorIndex.Range(step: 2), 1..3];
            then();
            v.MulInPlace(10);
            then();
            return [(x, [0, 10, 20, 3, 4, 5, 6, 7, 8, 90, 100, 11]), (v, [10, 20, 90, 100])];
        },
        ["assignment to a range"] = (x, then) =>
        {
            x[1.., ^1] = Tensor.Scalar(5f, x.Device);
            then();
            x[..1] = x[1..2];
            then();
            return [(x, [4, 5, 6, 5, 4, 5, 6, 5, 8, 9, 10, 5])];
        },
        ["pieces"] = (x, then) =>
        {
            var (columns, rows) = (x.Split(2, 1), x.Unbind());
            columns[0].AddInPlace(100);
            then();
            rows[1].MulInPlace(2);
            then();
            return [(x, [100, 101, 2, 3, 208, 210, 12, 14, 108, 109, 10, 11]), (columns[0], [100, 101, 208, 210, 108, 109]), (columns[1], [2, 3, 12, 14, 10, 11]), (rows[1], [208, 210, 12, 14])];
        },
        ["two rows change places"] = (x, then) =>
        {
            var first = x[0].Clone();
            then();
            x[0] = x[2];
            then();
            x[2] = first;
            then();
            return [(x, [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]), (first, [0, 1, 2, 3])];
        },
        ["a view of a view that was written"] = (x, then) =>
        {
            var v = x[1];
            v.AddInPlace(1);
            then();
            var w = v[2..];
            w.AddInPlace(10);
            then();
            x.MulInPlace(2);
            then();
            return [(x, [0, 2, 4, 6, 10, 12, 34, 36, 16, 18, 20, 22]), (v, [10, 12, 34, 36]), (w, [34, 36])];
        },
        ["a view plus another of the same base"] = (x, then) =>
        {
            Tensor v = x.Narrow(0, 0, 2), shifted = x.Narrow(0, 1, 2);
            then();
            v.AddInPlace(shifted);
            then();
            return [(x, [4, 6, 8, 10, 12, 14, 16, 18, 8, 9, 10, 11]), (shifted, [12, 14, 16, 18, 8, 9, 10, 11])];
        },
    };

    public static TheoryData<string, ExecutionMode, string> Runs => [.. Cases.Keys.SelectMany(name => new[]
    {
        (name, ExecutionMode.Lazy, "nothing"), (name, ExecutionMode.Lazy, "a step"), (name, ExecutionMode.Lazy, "a read"), (name, ExecutionMode.Lazy, "a sync"), (name, ExecutionMode.Eager, "nothing"),
    })];

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task AWriteShowsInTheBaseAndInEveryView(string name, ExecutionMode mode, string between)
    {
        await using var lazy = new TestEngine(new() { Mode = mode });
        long warm = 0;
        for (var round = 0; round < 4; round++)
        {
            if (round == 3) warm = lazy.Compiles; // values computed again may be learned in the rounds before
            var x = Twelve(lazy);
            var shown = Cases[name](x, between switch
            {
                "a step" => () => lazy.Device.MarkStep(),
                "a read" => () => x.ToArray<float>(),
                "a sync" => () => lazy.Device.SyncTensors([x]),
                _ => static () => { },
            });
            foreach (var (tensor, elements) in shown)
            {
                Assert.Equal(elements, tensor.ToArray<float>());
                if (tensor.Shape.ElementCount < 12 && name == "two rows change places") Assert.False(tensor.IsAliasOf(x));
                else Assert.True(tensor.IsAliasOf(x));
            }
            lazy.Device.MarkStep();
        }
        Assert.Equal(warm, lazy.Compiles);
    }

    /// <summary>All cases are linear, so a gradient is a difference of two results, exactly.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task GradientsFlowThroughTheWrites(string name)
    {
        await using var lazy = new TestEngine();
        var weights = Tensor.From(Enumerable.Range(1, 12).Select(i => (float)i).ToArray(), [3, 4], lazy.Device);
        Tensor Result(Tensor x)
        {
            Cases[name](x, static () => { });
            return (x * weights).Sum();
        }
        var parameter = new Parameter(Twelve(lazy));
        Result(parameter * 1).Backward();
        var gradient = parameter.Grad!.ToArray<float>();
        var at = Result(Twelve(lazy)).Item();
        for (var i = 0; i < 12; i++)
        {
            var moved = Enumerable.Range(0, 12).Select(k => k == i ? k + 1f : k).ToArray();
            Assert.Equal(Result(Tensor.From(moved, [3, 4], lazy.Device)).Item() - at, gradient[i]);
        }
    }

    private static Tensor Twelve(TestEngine lazy) => Tensor.From(Enumerable.Range(0, 12).Select(i => (float)i).ToArray(), [3, 4], lazy.Device);
}
