using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Everything of a kernel that its code depends on: not its name, nor which of the program's buffers it walks.</summary>
internal sealed class KernelKey : IEquatable<KernelKey>
{
    private readonly long[] words;
    private readonly int hash;

    public KernelKey(Kernel kernel)
    {
        var list = new List<long> { kernel.OuterRank };
        Add(list, kernel.Sizes);
        list.Add(kernel.Accesses.Count);
        foreach (var access in kernel.Accesses)
        {
            list.AddRange([access.Buffer, (long)access.DType, access.Offset, access.Fill]);
            Add(list, access.Strides);
            list.Add(access.Guards.Count);
            foreach (var guard in access.Guards) list.AddRange([guard.Loop, guard.Low, guard.High]);
        }
        list.Add(kernel.Expressions.Count);
        foreach (var e in kernel.Expressions)
        {
            list.AddRange([(long)e.Kind, (long)e.DType, (long)e.Primitive, e.Index, e.Bits, e.Operands.Count]);
            foreach (var operand in e.Operands) list.Add(operand);
        }
        foreach (var stage in kernel.Stages)
        {
            list.AddRange([stage.Reductions.Count, stage.Stores.Count, stage.RowStores.Count]);
            foreach (var r in stage.Reductions) list.AddRange([(long)r.Kind, r.Expression]);
            foreach (var s in stage.Stores.Concat(stage.RowStores)) list.AddRange([s.Access, s.Expression]);
        }
        words = [.. list];
        var code = default(HashCode);
        foreach (var word in words) code.Add(word);
        hash = code.ToHashCode();
    }

    public bool Equals(KernelKey? other) => other is not null && hash == other.hash && words.AsSpan().SequenceEqual(other.words);

    public override bool Equals(object? obj) => Equals(obj as KernelKey);

    public override int GetHashCode() => hash;

    private static void Add(List<long> list, IReadOnlyList<long> numbers)
    {
        list.Add(numbers.Count);
        list.AddRange(numbers);
    }
}
