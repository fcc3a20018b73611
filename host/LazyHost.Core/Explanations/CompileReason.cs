namespace LazyHost;

/// <summary>What kind of difference to the nearest program in the cache had a segment compiled.</summary>
public enum CompileReason
{
    /// <summary>The cache holds no program of the device.</summary>
    FirstCompile,
    /// <summary>The same key was compiled before, and dropped to stay within the cache's limits.</summary>
    Evicted,
    /// <summary>The same graph, for another build, other features, another fallback chain, or other marks of sizes that vary.</summary>
    Backend,
    /// <summary>Another operator stands at a place.</summary>
    Operator,
    /// <summary>Operators were put in or left out, and all the others are the same: a longer loop, a branch.</summary>
    Length,
    /// <summary>An operand has another shape.</summary>
    Shape,
    /// <summary>An operand has another element type.</summary>
    DType,
    /// <summary>An attribute has another value.</summary>
    Attribute,
    /// <summary>A number stands where a tensor stood, or the other way round, or its element type is another.</summary>
    Scalar,
    /// <summary>An operand is another value: one tensor used twice or two tensors, an input or a result of the segment.</summary>
    Sharing,
    /// <summary>Other values are computed for the program: read, kept, or written to variables.</summary>
    Roots,
}
