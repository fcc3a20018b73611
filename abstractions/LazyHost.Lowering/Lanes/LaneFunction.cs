namespace LazyHost.Lowering.Lanes;

/// <summary>What is no operation of its own but a function each emitter has under this name. Nothing here traps.</summary>
public enum LaneFunction : byte
{
    /// <summary>No function: the node's operation says all.</summary>
    None,
    /// <summary>The greater of a float and +0: NaN stays, -0 becomes +0.</summary>
    Rectify,
    /// <summary>SinFar(x, near): the sine of x where |x| is beyond 8,192 (f32) or 10^6 (f64), else near.</summary>
    SinFar,
    /// <summary>CosFar(x, near): the same of the cosine.</summary>
    CosFar,
    /// <summary>Integers: truncates; by 0 gives all bits set, by -1 the negative, wrapping.</summary>
    Divide,
    /// <summary>The remainder with the sign of the dividend. Integers: by 0 gives the dividend. Floats: exact, as C's fmod.</summary>
    Remainder,
    /// <summary>Integers: by squaring, wrapping; negative powers of what is neither 1 nor -1 give 0.</summary>
    Power,
    /// <summary>ShiftLeft(a, count, width): 0 where the count is negative or not less than the width.</summary>
    ShiftLeft,
    /// <summary>ShiftRight(a, count, width): arithmetic for signed lanes; all sign bits where the count is negative or not less than the width.</summary>
    ShiftRight,
}
