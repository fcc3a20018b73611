using System.Runtime.CompilerServices;

namespace LazyHost;

/// <summary>
/// Loops that are part of a program: the body is recorded once, whatever the number of turns, which no program depends on. The body is a function of the carried
/// tensors; others it uses keep the values they have before the loop, and it may not assign to them. Bodies are recorded without gradients, but for
/// <see cref="For"/> with a known number of turns, where something requires one: then the turns are recorded one after the other.
/// </summary>
public static class Loop
{
    /// <summary>Applies a body a number of times.</summary>
    /// <param name="count">The number of turns: a number, a <see cref="Scalar"/>, or an i64 tensor without dimensions. Below 1, no turn.</param>
    /// <param name="carried">The tensors the first turn is given; one at least.</param>
    /// <param name="body">Of the turn (an i64 tensor without dimensions, from 0) and the carried tensors, gives as many tensors of the same types for the next turn.</param>
    /// <param name="file">The caller's file, filled in by the compiler.</param>
    /// <param name="line">The caller's line, filled in by the compiler.</param>
    /// <returns>What the last turn gave.</returns>
    /// <exception cref="ShapeMismatchException">The body gives other types than it takes, or the count has dimensions.</exception>
    /// <exception cref="CaptureException">The body assigns to a tensor from outside, draws random numbers, or has what no captured function may have.</exception>
    /// <exception cref="GradientException">Something requires a gradient, and the count is a tensor.</exception>
    public static Tensor[] For(Operand count, ReadOnlySpan<Tensor> carried, Func<Tensor, Tensor[], Tensor[]> body, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (count.Tensor is { } tensor && (tensor.DType != DType.Int64 || tensor.Shape.Rank != 0))
            throw new ShapeMismatchException($"the number of turns is {tensor.Type}; it must be i64[]").At("loop", SourceFrames.Site(file, line));
        return new LoopRecorder(carried.ToArray(), new(file ?? "", line)).For(count, body);
    }

    /// <summary>Applies a body as long as a condition holds. There are no gradients.</summary>
    /// <param name="carried">The tensors the first turn is given; one at least.</param>
    /// <param name="condition">Of the carried tensors, gives a bool tensor of one element.</param>
    /// <param name="body">Of the carried tensors, gives as many of the same types for the next turn.</param>
    /// <param name="file">The caller's file, filled in by the compiler.</param>
    /// <param name="line">The caller's line, filled in by the compiler.</param>
    /// <returns>The carried tensors for which the condition did not hold.</returns>
    /// <exception cref="ShapeMismatchException">The body gives other types than it takes, or the condition is not one element.</exception>
    /// <exception cref="DTypeMismatchException">The condition is no bool.</exception>
    /// <exception cref="CaptureException">The body or condition assigns to a tensor from outside, draws random numbers, or has what no captured function may have.</exception>
    /// <exception cref="GradientException">Something it uses requires a gradient; use <see cref="GradMode.NoGrad"/>.</exception>
    public static Tensor[] While(ReadOnlySpan<Tensor> carried, Func<Tensor[], Tensor> condition, Func<Tensor[], Tensor[]> body, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(body);
        return new LoopRecorder(carried.ToArray(), new(file ?? "", line)).While(condition, body);
    }
}
