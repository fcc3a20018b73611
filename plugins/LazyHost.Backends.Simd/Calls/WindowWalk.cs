using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Goes through the results of a <see cref="Window"/> in one plane; for each, through the places inside the tensor that the window covers, row-major.</summary>
internal ref struct WindowWalk
{
    private readonly Window window;
    private readonly Span<long> at, first, last, place;

    /// <param name="window">The window.</param>
    /// <param name="scratch">Four numbers for each dimension.</param>
    public WindowWalk(Window window, Span<long> scratch)
    {
        this.window = window;
        var rank = window.Rank;
        at = scratch[..rank];
        first = scratch.Slice(rank, rank);
        last = scratch.Slice(2 * rank, rank);
        place = scratch.Slice(3 * rank, rank);
        at.Clear();
    }

    /// <summary>Finds the part of the window at the current result that lies inside. False when it is empty.</summary>
    public readonly bool Enter(out long offset)
    {
        offset = 0;
        var isInside = true;
        for (var d = 0; d < at.Length; d++)
        {
            var start = (at[d] * window.Strides[d]) - window.Low[d];
            (first[d], last[d]) = (Math.Max(0, start), Math.Min(window.Over[d], start + window.Sizes[d]));
            place[d] = first[d];
            isInside &= first[d] < last[d];
            offset += first[d] * window.OverStrides[d];
        }
        return isInside;
    }

    /// <summary>The length of the row of places that starts at the current one.</summary>
    public readonly long RowLength => at.Length == 0 ? 1 : last[^1] - first[^1];

    /// <summary>Moves to the next row of places. False after the last.</summary>
    public readonly bool NextRow(ref long offset)
    {
        for (var d = at.Length - 2; d >= 0; d--)
        {
            offset += window.OverStrides[d];
            if (++place[d] < last[d]) return true;
            offset -= (last[d] - first[d]) * window.OverStrides[d];
            place[d] = first[d];
        }
        return false;
    }

    /// <summary>Moves to the next result.</summary>
    public readonly void Next()
    {
        for (var d = at.Length - 1; d >= 0; d--)
        {
            if (++at[d] < window.Results[d]) return;
            at[d] = 0;
        }
    }
}
