namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>What indices out of range mean.</summary>
internal static class Indices
{
    /// <summary>The nearest index in range.</summary>
    public static long Clamp(long index, long size) => index < 0 ? 0 : index >= size ? size - 1 : index;
}
