using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Lanes;

/// <summary>Everything of a kernel that its code depends on: not its name, nor which of the program's buffers it walks. Or its structure alone: the same for all
/// kernels whose numbers are of the same classes.</summary>
public sealed class KernelKey : IEquatable<KernelKey>
{
    private readonly long[] words;
    private readonly int hash;

    private KernelKey(Kernel kernel, bool isStructure)
    {
        var list = new List<long> { kernel.OuterRank, kernel.Sizes.Count };
        foreach (var (value, number) in KernelNumbers.Of(kernel)) list.Add(isStructure ? number : value);
        list.Add(kernel.Accesses.Count);
        foreach (var access in kernel.Accesses)
        {
            list.AddRange([access.Buffer, (long)access.DType, access.Fill, access.Guards.Count]);
            foreach (var guard in access.Guards) list.Add(guard.Loop);
        }
        list.Add(kernel.Expressions.Count);
        var constants = KernelNumbers.Constants(kernel);
        var slots = new List<int>();
        for (var i = 0; i < kernel.Expressions.Count; i++)
        {
            var e = kernel.Expressions[i];
            var index = e.Index;
            if (isStructure && e.Kind == KernelExpressionKind.Scalar)
            {
                if (!slots.Contains(e.Index)) slots.Add(e.Index);
                index = slots.IndexOf(e.Index);
            }
            list.AddRange([(long)e.Kind, (long)e.DType, (long)e.Primitive, index, isStructure && constants.Contains(i) ? 0 : e.Bits, e.Operands.Count]);
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

    /// <summary>The kernel as it is.</summary>
    public static KernelKey Of(Kernel kernel) => new(kernel, isStructure: false);

    /// <summary>What it has in common with those of other sizes.</summary>
    public static KernelKey Structure(Kernel kernel) => new(kernel, isStructure: true);

    /// <summary>A digest of it that is the same in every process.</summary>
    public string Digest => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(words.AsSpan())));

    /// <inheritdoc/>
    public bool Equals(KernelKey? other) => other is not null && hash == other.hash && words.AsSpan().SequenceEqual(other.words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KernelKey);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;
}
