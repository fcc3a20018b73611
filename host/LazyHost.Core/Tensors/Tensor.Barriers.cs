using System.Runtime.CompilerServices;
using LazyHost.Operators;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>The most results of one operation.</summary>
    internal const int MostResults = byte.MaxValue + 1;

    /// <summary><see cref="Barrier(ReadOnlySpan{Tensor}, string?, int)"/> of this tensor alone.</summary>
    public Tensor Barrier([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Barrier([this], file, line)[0];

    /// <summary>The tensors as they are, all of them computed before one of the results is used: what is computed from the results is neither fused, joined nor
    /// simplified with what they were computed from. Where that saves memory, so that values are computed again rather than kept, or to see what fusion does. Gradients pass a
    /// barrier of their own.</summary>
    /// <param name="tensors">Tensors of one device; up to 256, of any types.</param>
    /// <param name="file">The caller's file, filled in by the compiler.</param>
    /// <param name="line">The caller's line, filled in by the compiler.</param>
    /// <exception cref="InvalidAttributeException">There is no tensor, or there are more than 256.</exception>
    public static Tensor[] Barrier(ReadOnlySpan<Tensor> tensors, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        if (tensors.IsEmpty || tensors.Length > MostResults)
            throw new InvalidAttributeException($"a barrier of {tensors.Length} tensors; give it 1 to {MostResults}").At(OptimizationBarrier.Form.Name, SourceFrames.Site(file, line));
        var given = tensors.ToArray();
        // Whether gradients flow through an operation is seen by its first result.
        var order = Enumerable.Range(0, given.Length).OrderBy(i => given[i].DType.IsFloat() ? 0 : 1).ToArray();
        var made = new Tensor[given.Length];
        made[0] = Record(given[0].Device, OptimizationBarrier.Of(given.Length), Array.ConvertAll(order, i => (Operand)given[i]), default, file, line, made.AsSpan(1));
        var results = new Tensor[given.Length];
        for (var i = 0; i < made.Length; i++)
        {
            results[order[i]] = made[i];
            if (!made[i].DType.IsFloat()) made[i].RequiresGrad = false;
        }
        return results;
    }
}
