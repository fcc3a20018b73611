namespace LazyHost.IR;

/// <summary>The kinds of shapes every operator is tested with.</summary>
public enum ShapeClass
{
    /// <summary>No dimensions.</summary>
    Scalar,
    /// <summary>No elements.</summary>
    Empty,
    /// <summary>Dimensions of size 1.</summary>
    SizeOne,
    /// <summary>Odd sizes that fill no vector.</summary>
    Odd,
    /// <summary>Operands that broadcast.</summary>
    Broadcast,
    /// <summary>Large enough for vectors, tails and several threads.</summary>
    Large,
}
