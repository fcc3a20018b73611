namespace LazyHost;

public partial class Tensor
{
    /// <summary>True for one that was marked: <see cref="MarkDynamic"/>.</summary>
    internal bool IsDynamic => (flags & TensorFlags.Dynamic) != 0;

    /// <summary>
    /// Says that tensors of other sizes will take this one's place: batches, sequences. The code of every segment and captured function that uses it then serves all
    /// sizes at once, where the backend has such code, so that it is made for the first one alone; sizes of 0 and 1 have code of their own. Results are the same.
    /// The mark belongs to this tensor and stays when it is written in place; what is computed from it carries none.
    /// </summary>
    /// <param name="axes">The dimensions that vary, counted from the end where negative. Today one of them makes all numbers of the code arguments.</param>
    /// <returns>This tensor.</returns>
    /// <exception cref="AxisOutOfRangeException">An axis is not in -rank .. rank-1; nothing is marked.</exception>
    /// <exception cref="InvalidAttributeException">No axis is given.</exception>
    public Tensor MarkDynamic(params ReadOnlySpan<int> axes)
    {
        if (axes.IsEmpty) throw new InvalidAttributeException($"MarkDynamic needs to know which dimensions of {Type} vary, but was given no axis");
        foreach (var axis in axes) _ = Shape.Axis(axis);
        flags |= TensorFlags.Dynamic;
        // One that is only recorded: also what computes it is of its size.
        if (Where().Segment is { } segment)
            lock (segment.Tape)
                if (segment is { State: SegmentState.Open, Recording: { } recording }) recording.AnySize = true;
        return this;
    }
}
