using System.Numerics;
using CsCheck;
using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>Parts of random graphs: whole, in an order that works, and between two devices as few as there can be.</summary>
public sealed class GraphPartitionerTests
{
    [Fact]
    public async Task PartsAreCompleteInOrderAndAsFewAsPossible()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own"), new PartialBackend("other"));
        Device[] both = [lazy.Device, lazy.Fallback];
        Gen.Int[0, 999].Array[3, 30].Sample(choices =>
        {
            var graph = Make(choices);
            var devices = new Device[graph.Nodes.Length];
            for (var i = 0; i < devices.Length; i++) devices[i] = both[i == 0 ? 0 : choices[i % choices.Length] % 2];
            var parts = GraphPartitioner.Partition(graph, devices);
            var known = new HashSet<Value> { new(0) };
            foreach (var part in parts)
            {
                Assert.Subset(known, part.Inputs.ToHashSet());
                foreach (var output in part.Outputs) Assert.True(known.Add(output) || graph.Nodes[output.Node].Form == InputForms.Parameter);
            }
            Assert.Subset(known, graph.Roots.ToArray().ToHashSet());
            Assert.Equal(graph.Nodes.Length - 1, parts.Sum(p => p.Operators.Count()));
            Assert.Equal(Fewest(graph, devices), parts.Count);
        }, iter: 1000, threads: 1);
    }

    /// <summary>A parameter, and up to nine operators on any of the values before.</summary>
    private static Graph Make(int[] choices)
    {
        var builder = new GraphBuilder();
        builder.Parameter(new(DType.Float32, [2]));
        for (var i = 0; i + 1 < choices.Length && builder.Nodes.Count < 10; i += 2)
            builder.Emit(Operators.Add.Form, [new(choices[i] % builder.Nodes.Count), new(choices[i + 1] % builder.Nodes.Count)]);
        for (var i = 1; i < builder.Nodes.Count; i++) builder.AddRoot(new(i));
        return builder.Build();
    }

    /// <summary>The least number of changes of device over all orders, tried out: by the set of nodes done and the device of the last.</summary>
    private static int Fewest(Graph graph, Device[] devices)
    {
        var count = graph.Nodes.Length;
        var distinct = devices.Distinct().ToArray();
        var best = new Dictionary<(int Done, int Last), int>();
        var front = new PriorityQueue<(int Done, int Last), int>();
        front.Enqueue((1, -1), 0);
        while (front.TryDequeue(out var state, out var parts))
        {
            if (!best.TryAdd(state, parts)) continue;
            if (BitOperations.PopCount((uint)state.Done) == count) return parts;
            for (var i = 1; i < count; i++)
            {
                if ((state.Done & (1 << i)) != 0 || graph.Nodes[i].Operands.ToArray().Any(o => (state.Done & (1 << o.Node)) == 0)) continue;
                var device = Array.IndexOf(distinct, devices[i]);
                front.Enqueue((state.Done | (1 << i), device), parts + (device == state.Last ? 0 : 1));
            }
        }
        throw new InvalidOperationException("the graph has a cycle");
    }
}
