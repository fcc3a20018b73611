using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>The recorded graph: its order, that it has no circle, and how random nodes stand in it.</summary>
public sealed class IrTests
{
    [Fact]
    public async Task EveryNodeComesAfterItsOperandsAndOnce()
    {
        await using var lazy = new TestEngine();
        var a = lazy.Tensor(1, 2);
        var b = a.Neg();
        var c = b.Exp();
        var d = b.Tanh();
        var e = c * d; // a diamond
        var unused = a.Abs();
        var nodes = Nodes(e.Dump());
        Assert.Equal(["parameter", "neg", "exp", "tanh", "mul"], nodes.Select(n => n.Name));
        for (var i = 0; i < nodes.Count; i++) Assert.All(nodes[i].Operands, operand => Assert.InRange(operand, 0, i - 1));
        Assert.Equal(["parameter", "abs"], Nodes(unused.Dump()).Select(n => n.Name));
    }

    [Fact]
    public void AGraphCannotHaveACircle()
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Emit(Operators.Neg.Form, [new Value(1)])); // itself
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Emit(Operators.Add.Form, [x, new Value(2)])); // the one after it
        var y = builder.Emit(Operators.Neg.Form, [x]);
        builder.AddRoot(y);
        Assert.Equal([x], builder.Build().Nodes[y.Node].Operands.ToArray());
        Assert.Equal(2, builder.Nodes.Count);
    }

    [Fact]
    public async Task AWriteOfATensorToItselfIsNoCircle()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        x.Assign(x);
        for (var i = 0; i < 100; i++)
        {
            x.Assign(x + x);
            x[0].Assign(x[1] - x[0]);
            x.Assign(x.Reshape(2) - x);
            x.Assign(x + 1);
        }
        x.Assign(x.Detach());
        Assert.Equal([1f, 1], x.ToArray<float>());
    }

    [Fact]
    public async Task ARandomNodeIsShownAndItsSeedIsAParameter()
    {
        await using var lazy = new TestEngine();
        string Text(ulong seed)
        {
            var text = Tensor.RandomUniform([2], lazy.Device, generator: new(seed)).Dump();
            lazy.Device.MarkStep();
            return string.Join('\n', text.Split('\n').Select(line => line.Split("//")[0].TrimEnd()));
        }
        var one = Text(1);
        Assert.Contains("random_uniform(", one, StringComparison.Ordinal);
        Assert.Contains("scalar", one, StringComparison.Ordinal);
        Assert.Equal(one, Text(2));
        Assert.Equal((1, 1), (lazy.Compiles, lazy.Hits));
    }

    /// <summary>The nodes of a dump: the name and the numbers of the operands.</summary>
    private static List<(string Name, int[] Operands)> Nodes(string dump)
    {
        var nodes = new List<(string, int[])>();
        foreach (var line in dump.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.StartsWith($"%{nodes.Count} = ", line, StringComparison.Ordinal);
            var call = line[(line.IndexOf('=', StringComparison.Ordinal) + 2)..];
            var open = call.IndexOf('(', StringComparison.Ordinal);
            var operands = call[(open + 1)..call.IndexOf(')', StringComparison.Ordinal)];
            nodes.Add((call[..open], [.. operands.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(o => int.Parse(o.TrimStart('%')))]));
        }
        return nodes;
    }
}
