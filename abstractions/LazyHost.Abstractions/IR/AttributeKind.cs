namespace LazyHost.IR;

/// <summary>How an attribute is written in <see cref="Attributes"/>.</summary>
public enum AttributeKind
{
    /// <summary>One number.</summary>
    Int,
    /// <summary>A count, then that many numbers.</summary>
    Ints,
    /// <summary>The bits of a double.</summary>
    Float,
    /// <summary>0 or 1.</summary>
    Bool,
    /// <summary>The number of a <see cref="LazyHost.DType"/>.</summary>
    DType,
    /// <summary>The byte count of a UTF-8 text, then its bytes, eight to a number.</summary>
    Text,
}
