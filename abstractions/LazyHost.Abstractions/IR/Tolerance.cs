namespace LazyHost.IR;

/// <summary>How far a result may be from the exact one: |result - exact| &lt;= Absolute + Relative * |exact|. Both 0 asks for equal bits.</summary>
public readonly record struct Tolerance(double Relative, double Absolute)
{
    /// <summary>Equal bits (any NaN equals any NaN).</summary>
    public static Tolerance Exact => default;

    /// <summary>What one correctly rounded operation, or a short chain of them, needs in an element type.</summary>
    public static Tolerance Default(DType type) => type switch
    {
        DType.Float64 => new(1e-13, 1e-14),
        DType.Float32 => new(2e-6, 2e-7),
        DType.Float16 => new(2e-3, 1e-5),
        DType.BFloat16 => new(1.6e-2, 1e-4),
        _ => Exact,
    };

    /// <summary>The same, <paramref name="factor"/> times as wide: for sums of many terms.</summary>
    public Tolerance Times(double factor) => new(Relative * factor, Absolute * factor);
}
