using System.Globalization;
using LazyHost.IR;

namespace LazyHost;

/// <summary>A number that is the same on every run of a captured function: what it was when the function was captured.</summary>
/// <param name="Value">The number, as text.</param>
/// <param name="Operator">The operator that takes it first.</param>
/// <param name="Site">Where that was recorded, or null where nobody knows.</param>
internal sealed record FrozenNumber(string Value, string Operator, CallSite? Site)
{
    public override string ToString() => Site is { } site ? $"{Value} ({Operator} at {site})" : $"{Value} ({Operator})";

    /// <summary>The frozen numbers of a recording, in the order of their slots.</summary>
    public static FrozenNumber[] Of(Recording recording, Capture capture)
    {
        var live = new HashSet<int>();
        foreach (var (slot, _, number) in capture.Numbers)
        {
            live.Add(slot);
            if (number is RandomDraw) live.Add(slot + 1);
        }
        var found = new SortedDictionary<int, FrozenNumber>();
        for (var i = 0; i < recording.Count; i++)
        {
            ref var node = ref recording.Nodes[i];
            foreach (var operand in recording.OperandsOf(node))
            {
                ref var scalar = ref recording.Nodes[operand.Node];
                if (scalar.Form != InputForms.Scalar || live.Contains(scalar.Slot) || found.ContainsKey(scalar.Slot)) continue;
                found.Add(scalar.Slot, new(ScalarBits.ToDouble(scalar.DType, recording.Scalars[scalar.Slot]).ToString(CultureInfo.InvariantCulture), node.Form.Name, recording.SiteOf(i)));
            }
        }
        return [.. found.Values];
    }
}
