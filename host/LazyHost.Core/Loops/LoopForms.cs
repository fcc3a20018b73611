using System.Runtime.InteropServices;

namespace LazyHost;

/// <summary>The loops of an engine by their bodies, so that equal ones have equal keys. When it is full it begins anew: those used later are compiled once more.</summary>
internal sealed class LoopForms(int capacity)
{
    private readonly Lock gate = new();
    private readonly Dictionary<long[], LoopForm> forms = new(new WordsComparer());

    public LoopForm Get(LoopBody body, LoopBody? condition, int carried)
    {
        long[] key = [carried, body.Key.Length, .. body.Key, .. condition?.Key ?? []];
        lock (gate)
        {
            if (forms.TryGetValue(key, out var known)) return known;
            if (forms.Count >= capacity) forms.Clear();
            var form = new LoopForm(body.Graph, condition?.Graph, carried);
            forms.Add(key, form);
            return form;
        }
    }

    private sealed class WordsComparer : IEqualityComparer<long[]>
    {
        public bool Equals(long[]? x, long[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(long[] obj) => (int)System.IO.Hashing.XxHash3.HashToUInt64(MemoryMarshal.AsBytes(obj.AsSpan()));
    }
}
