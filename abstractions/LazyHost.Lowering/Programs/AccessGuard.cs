namespace LazyHost.Lowering.Programs;

/// <summary>A load is valid while Low &lt;= index[Loop] &lt; High.</summary>
public readonly record struct AccessGuard(int Loop, long Low, long High);
