namespace LazyHost;

/// <summary>
/// One index of <c>tensor[...]</c>: a place along an axis (<c>2</c>, <c>^1</c>), which takes the axis away; a range of places (<c>1..^1</c>, or with steps
/// <see cref="Range"/>); a new axis of size 1; or the ellipsis, which stands for as many whole axes as the other indices leave. Negative places count from
/// the end, as in Python, and ranges are cut to the axis.
/// </summary>
public readonly struct TensorIndex : IEquatable<TensorIndex>
{
    // beyond every axis: as the end of a range, its end
    private const long Last = long.MaxValue;

    private TensorIndex(TensorIndexKind kind, long start = 0, long end = 0, long step = 0) => (Kind, Start, End, Step) = (kind, start, end, step);

    internal TensorIndexKind Kind { get; }

    internal long Start { get; }

    internal long End { get; }

    internal long Step { get; }

    /// <summary>A dimension of size 1 where there was none.</summary>
    public static TensorIndex NewAxis { get; } = new(TensorIndexKind.NewAxis);

    /// <summary>All axes that the other indices leave; at most one of an indexer.</summary>
    public static TensorIndex Ellipsis { get; } = new(TensorIndexKind.Ellipsis);

    /// <summary>Places start, start + step, ... before end; from the beginning and to the end where they are not given. Steps are positive.</summary>
    public static TensorIndex Range(long? start = null, long? end = null, long step = 1) => new(TensorIndexKind.Range, start ?? 0, end ?? Last, step);

    /// <summary>A place.</summary>
    public static implicit operator TensorIndex(long place) => new(TensorIndexKind.Place, place);

    /// <summary>A place.</summary>
    public static implicit operator TensorIndex(int place) => (long)place;

    /// <summary>A place.</summary>
    public static implicit operator TensorIndex(Index place) => Place(place);

    /// <summary>A range of places.</summary>
    public static implicit operator TensorIndex(Range places) => new(TensorIndexKind.Range, Place(places.Start), Place(places.End), 1);

    /// <summary>Equal by kind and places.</summary>
    public static bool operator ==(TensorIndex left, TensorIndex right) => left.Equals(right);

    /// <summary>Not equal.</summary>
    public static bool operator !=(TensorIndex left, TensorIndex right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(TensorIndex other) => (Kind, Start, End, Step) == (other.Kind, other.Start, other.End, other.Step);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorIndex other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Start, End, Step);

    /// <summary>Text such as <c>^1</c>, <c>1..^1</c> or <c>0..^0 step 2</c>.</summary>
    public override string ToString() => Kind switch
    {
        TensorIndexKind.Place => Text(Start),
        TensorIndexKind.Range => $"{Text(Start)}..{Text(End)}" + (Step == 1 ? "" : $" step {Step}"),
        TensorIndexKind.NewAxis => "new axis",
        _ => "...",
    };

    private static long Place(Index place) => !place.IsFromEnd ? place.Value : place.Value == 0 ? Last : -place.Value;

    private static string Text(long place) => place == Last ? "^0" : place < 0 ? $"^{-(Int128)place}" : $"{place}";
}
