using LazyHost.IR;

namespace LazyHost;

/// <summary>Which values of a closed segment must be computed. The program alone decides: variables, what was asked for, what nothing consumed, what was learned.</summary>
internal static class RootCollector
{
    /// <summary>Fills <see cref="Recording.Roots"/>, in rising order and without repetition, and marks the nodes whose values go to variables.</summary>
    public static void Collect(Segment segment, Recording recording, ReadOnlySpan<Value> learned)
    {
        var roots = recording.Roots;
        roots.Clear();
        var nodes = recording.Nodes;
        // From the end, so that a view is known to be used, which uses what it shows, before what it shows is looked at.
        for (var i = recording.Count - 1; i >= 0; i--)
        {
            var flags = nodes[i].Flags;
            if ((flags & NodeFlags.View) != 0 && (flags & (NodeFlags.Asked | NodeFlags.Consumed | NodeFlags.User)) != 0) nodes[recording.Operands[nodes[i].Operands].Node].Flags |= NodeFlags.Consumed;
            if ((flags & NodeFlags.Asked) != 0 || (flags & (NodeFlags.User | NodeFlags.Consumed)) == NodeFlags.User) roots.Add(new(i));
        }
        foreach (var value in recording.ExtraOutputs.Keys)
            if ((nodes[value.Node].Flags & NodeFlags.Asked) != 0) roots.Add(value);
        foreach (var (variable, _) in recording.Variables)
        {
            if (!variable.IsPendingIn(segment)) continue;
            roots.Add(variable.PendingValue);
            nodes[variable.PendingValue.Node].Flags |= NodeFlags.Variable;
        }
        foreach (var value in learned) roots.Add(value);
        if (roots.Count < 2) return;
        roots.Sort(ResultMap.Compare);
        var count = 0;
        for (var i = 0; i < roots.Count; i++)
            if (count == 0 || roots[i] != roots[count - 1]) roots[count++] = roots[i];
        roots.RemoveRange(count, roots.Count - count);
    }
}
