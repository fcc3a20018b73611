using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>A <see cref="Window"/> that slides along one or two dimensions: a missing one counts as a single row.</summary>
internal readonly struct PlaneWindow
{
    public PlaneWindow(Window window)
    {
        var (row, column) = (window.Rank - 2, window.Rank - 1);
        (Height, Width) = (row < 0 ? 1 : window.Over[row], column < 0 ? 1 : window.Over[column]);
        (Rows, Columns) = (row < 0 ? 1 : window.Results[row], column < 0 ? 1 : window.Results[column]);
        (TapsDown, TapsAcross) = (row < 0 ? 1 : window.Sizes[row], column < 0 ? 1 : window.Sizes[column]);
        (StepDown, StepAcross) = (row < 0 ? 1 : window.Strides[row], column < 0 ? 1 : window.Strides[column]);
        (Above, Before) = (row < 0 ? 0 : window.Low[row], column < 0 ? 0 : window.Low[column]);
    }

    public long Height { get; }

    public long Width { get; }

    public long Rows { get; }

    public long Columns { get; }

    public long TapsDown { get; }

    public long TapsAcross { get; }

    public long StepDown { get; }

    public long StepAcross { get; }

    /// <summary>Rows of padding above the first.</summary>
    public long Above { get; }

    /// <summary>Columns of padding before the first.</summary>
    public long Before { get; }

    /// <summary>The results whose tap number <paramref name="tap"/> of a row lies inside the tensor.</summary>
    public (long First, long End) Inside(long tap)
    {
        var offset = tap - Before;
        var first = offset >= 0 ? 0 : (-offset + StepAcross - 1) / StepAcross;
        var end = Width - offset <= 0 ? 0 : Math.Min(Columns, ((Width - offset - 1) / StepAcross) + 1);
        return (first, end);
    }
}
