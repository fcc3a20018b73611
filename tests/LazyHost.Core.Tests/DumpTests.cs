using System.Text.RegularExpressions;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Tests;

/// <summary>Graphs as text, DOT and Mermaid.</summary>
public sealed class DumpTests
{
    private static readonly OperatorForm Odd = new OddForm();

    private static Graph Sample()
    {
        var g = new GraphBuilder();
        var x = g.Parameter(new(DType.Float32, [2, 3]));
        g.CallSite = new("/src/Model.cs", 41);
        var sorted = g.Emit(Primitives.Sort, [x], Attributes.Of(1L, false));
        g.CallSite = null;
        var sum = g.Emit(Primitives.ReduceSum, [sorted], Attributes.Of(new long[] { 1 }));
        var product = g.Emit(Primitives.Mul, [sum, sum]);
        g.AddRoot(product);
        g.AddRoot(sorted with { Output = 1 });
        return g.Build();
    }

    [Fact]
    public void TextHasALineForEachNode() => Assert.Equal("""
        %0 = parameter() {slot=0, dtype=f32, sizes=[2, 3]} : f32[2, 3]
        %1 = prim.sort(%0) {axis=1, descending=false} : f32[2, 3], i64[2, 3]  ROOT 1 of .1  at Model.cs:41
        %2 = prim.reduce_sum(%1) {axes=[1]} : f32[2]
        %3 = prim.mul(%2, %2) : f32[2]  ROOT 0

        """, GraphDump.Write(Sample(), DumpFormat.Text));

    [Fact]
    public void DotHasNodesAndEdges() => Assert.Equal("""
        digraph segment {
          node [shape=box]
          n0 [label="%0 parameter {slot=0, dtype=f32, sizes=[2, 3]}\nf32[2, 3]"]
          n1 [label="%1 prim.sort {axis=1, descending=false}\nf32[2, 3], i64[2, 3]\nModel.cs:41\nROOT 1 of .1", peripheries=2]
          n2 [label="%2 prim.reduce_sum {axes=[1]}\nf32[2]"]
          n3 [label="%3 prim.mul\nf32[2]\nROOT 0", peripheries=2]
          n0 -> n1
          n1 -> n2
          n2 -> n3 [label="0"]
          n2 -> n3 [label="1"]
        }

        """, GraphDump.Write(Sample(), DumpFormat.Dot));

    [Fact]
    public void MermaidHasNodesAndEdges() => Assert.Equal("""
        flowchart TD
          n0["%0 parameter {slot=0, dtype=f32, sizes=[2, 3]}<br/>f32[2, 3]"]
          n1[["%1 prim.sort {axis=1, descending=false}<br/>f32[2, 3], i64[2, 3]<br/>Model.cs:41<br/>ROOT 1 of .1"]]
          n2["%2 prim.reduce_sum {axes=[1]}<br/>f32[2]"]
          n3[["%3 prim.mul<br/>f32[2]<br/>ROOT 0"]]
          n0 --> n1
          n1 --> n2
          n2 -->|"0"| n3
          n2 -->|"1"| n3

        """, GraphDump.Write(Sample(), DumpFormat.Mermaid));

    [Fact]
    public void TheOutputOfAnOperandIsShown()
    {
        var g = new GraphBuilder();
        var sorted = g.Emit(Primitives.Sort, [g.Parameter(new(DType.Float32, [2]))], Attributes.Of(0L, true));
        var indices = g.Emit(Primitives.Neg, [sorted with { Output = 1 }]);
        g.AddRoot(g.Emit(Primitives.Add, [indices, sorted with { Output = 1 }]));
        var graph = g.Build();
        Assert.Contains("%2 = prim.neg(%1.1) : i64[2]\n", GraphDump.Write(graph, DumpFormat.Text), StringComparison.Ordinal);
        Assert.Contains("  n1 -> n2 [label=\".1\"]\n  n2 -> n3 [label=\"0\"]\n  n1 -> n3 [label=\".1 1\"]\n", GraphDump.Write(graph, DumpFormat.Dot), StringComparison.Ordinal);
        Assert.Contains("  n1 -->|\".1\"| n2\n  n2 -->|\"0\"| n3\n  n1 -->|\".1 1\"| n3\n", GraphDump.Write(graph, DumpFormat.Mermaid), StringComparison.Ordinal);
    }

    [Fact]
    public void AValueThatIsARootTwiceSaysSo()
    {
        var g = new GraphBuilder();
        var x = g.Parameter(new(DType.Bool, []));
        g.AddRoot(x);
        g.AddRoot(x);
        Assert.EndsWith(": bool[]  ROOT 0, ROOT 1\n", GraphDump.Write(g.Build(), DumpFormat.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAnAttributeHoldsBreaksNothing()
    {
        var g = new GraphBuilder();
        g.AddRoot(g.Emit(Odd, [], Attributes.Of("a \"b\" <c>\\d\n#e")));
        var graph = g.Build();
        Assert.Equal("%0 = odd() {text=\"a \"b\" <c>\\d\\n#e\"} : i32[]  ROOT 0\n", GraphDump.Write(graph, DumpFormat.Text));
        Assert.Contains("label=\"%0 odd {text=\\\"a \\\"b\\\" <c>\\\\d\\\\n#e\\\"}\\ni32[]\\nROOT 0\", ", GraphDump.Write(graph, DumpFormat.Dot), StringComparison.Ordinal);
        Assert.Contains("n0[[\"%0 odd {text=#34;a #34;b#34; #60;c#62;\\d#10;#35;e#34;}<br/>i32[]<br/>ROOT 0\"]]\n", GraphDump.Write(graph, DumpFormat.Mermaid), StringComparison.Ordinal);
    }

    [Fact]
    public void LongLabelsAreCutAt64CharactersAndTextIsNot()
    {
        var g = new GraphBuilder();
        g.AddRoot(g.Emit(Odd, [], Attributes.Of(new string('x', 48) + "😀" + new string('y', 100))));
        var graph = g.Build();
        // A character of two halves is not cut in the middle.
        Assert.Contains($"label=\"%0 odd {{text=\\\"{new string('x', 48)}…\\n", GraphDump.Write(graph, DumpFormat.Dot), StringComparison.Ordinal);
        Assert.Contains(new string('y', 100), GraphDump.Write(graph, DumpFormat.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyGraphIsNoError()
    {
        var graph = new GraphBuilder().Build();
        Assert.Equal("", GraphDump.Write(graph, DumpFormat.Text));
        Assert.Equal("digraph segment {\n  node [shape=box]\n}\n", GraphDump.Write(graph, DumpFormat.Dot));
        Assert.Equal("flowchart TD\n", GraphDump.Write(graph, DumpFormat.Mermaid));
    }

    [Fact]
    public void AMillionNodesAreNoTrouble()
    {
        var g = new GraphBuilder();
        var x = g.Parameter(new(DType.Float32, [1]));
        for (var i = 0; i < 1_000_000; i++) x = g.Emit(Primitives.Neg, [x]);
        g.AddRoot(x);
        Assert.EndsWith("%1000000 = prim.neg(%999999) : f32[1]  ROOT 0\n", GraphDump.Write(g.Build(), DumpFormat.Text), StringComparison.Ordinal);
    }

    /// <summary>A dump without its line numbers, which change with this file.</summary>
    private static string Stable(string dump) => Regex.Replace(dump, @"(\w+\.cs):\d+", "$1");

    [Fact]
    public async Task WhatIsOnlyRecordedIsShownAndStaysSo()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var y = (x * 2).Add(x);
        _ = y.Neg(); // not needed for it
        var text = """
            %0 = parameter() {slot=0, dtype=f32, sizes=[2]} : f32[2]
            %1 = scalar() {slot=0, dtype=f32} : f32[]
            %2 = mul(%0, %1) : f32[2]
            %3 = add(%2, %0) : f32[2]  ROOT 0  at DumpTests.cs

            """;
        Assert.Equal(text, Stable(y.Dump()));
        Assert.Equal(text, Stable(y.Dump()));
        Assert.False(y.IsSubmitted);
        Assert.Contains("n2 -> n3 [label=\"0\"]", y.Dump(DumpFormat.Dot), StringComparison.Ordinal);
        Assert.Contains("n2 -->|\"0\"| n3", y.Dump(DumpFormat.Mermaid), StringComparison.Ordinal);
        Assert.Equal((0, 0), (lazy.Compiles, lazy.Hits));
        Assert.Equal(new[] { 3f, 6f }, y.ToArray<float>());
        Assert.Equal("%0 = parameter() {slot=0, dtype=f32, sizes=[2]} : f32[2]  ROOT 0\n", y.Dump());
    }

    [Fact]
    public async Task SeveralTensorsOfSeveralFlowsAreOneGraph()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1);
        var sum = x + x;
        Tensor other;
        using (lazy.Device.Fork()) other = x * x;
        Assert.Equal("""
            %0 = parameter() {slot=0, dtype=f32, sizes=[1]} : f32[1]
            %1 = add(%0, %0) : f32[1]  ROOT 0, ROOT 2
            %2 = parameter() {slot=1, dtype=f32, sizes=[1]} : f32[1]
            %3 = mul(%2, %2) : f32[1]  ROOT 1

            """, lazy.Device.Dump([sum, other, sum]));
        Assert.Equal((false, false), (sum.IsSubmitted, other.IsSubmitted));
    }

    [Fact]
    public async Task AViewOfWhatWasWrittenSinceIsShownAsItWillBe()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.Zeros([2, 3], lazy.Device);
        var view = x.Transpose(0, 1);
        x.Assign(x + 1);
        Assert.Matches(@"%2 = add\(%0, %1\).*\n%3 = transpose\(%2\).* : f32\[3, 2\]  ROOT 0\n$", view.Dump());
        Assert.Equal(1f, view.ToArray<float>()[5]);
    }

    [Fact]
    public async Task TheBackendsProgramIsShownAndNotKept()
    {
        await using var lazy = new TestEngine();
        var y = lazy.Tensor(1, 2).Neg();
        Assert.Contains("prim.neg", y.Dump(DumpFormat.Backend), StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (lazy.Compiles, lazy.Engine.ComputationCache.Numel, lazy.Device.MemoryUse.InUse));
        Assert.False(y.IsSubmitted);
    }

    [Fact]
    public async Task TheLatestProgramOfADeviceIsShown()
    {
        await using var lazy = new TestEngine(new() { CacheEntries = 1 });
        Assert.Equal("", lazy.Device.DumpLatestProgram());
        _ = lazy.Tensor(1, 2).Neg().ToArray<float>();
        _ = lazy.Tensor(1, 2).Exp().ToArray<float>();
        Assert.Contains("prim.exp", lazy.Device.DumpLatestProgram(), StringComparison.Ordinal);
        Assert.StartsWith("%0 = parameter() {slot=0, dtype=f32, sizes=[2]} : f32[2]\n%1 = exp(%0) : f32[2]  ROOT 0", lazy.Device.DumpLatestProgram(DumpFormat.Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeShownIsATypedError()
    {
        await using var lazy = new TestEngine();
        await using var other = new TestEngine();
        Assert.Throws<UnknownDeviceException>(() => lazy.Device.Dump([other.Tensor(1)]));
        Tensor lost;
        await using (lazy.Device.BeginStep()) lost = lazy.Tensor(1) + 1;
        Assert.Contains("discarded", Assert.Throws<StepException>(() => lost.Dump()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidAttributeException>(() => lazy.Tensor(1).Dump((DumpFormat)9));
    }

    private sealed class OddForm() : OperatorForm("odd", new AttributeSpec("text", AttributeKind.Text))
    {
        public override (int Least, int Most) OperandCount => (0, 0);

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = new(DType.Int32, []);
    }
}
