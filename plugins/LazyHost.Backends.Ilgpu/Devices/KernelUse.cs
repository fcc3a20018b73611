namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>The kernels something asked for.</summary>
internal sealed class KernelUse
{
    /// <summary>Their names, which are the same in every process.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>How many of them had to be compiled: they were neither there, nor was their text.</summary>
    public int Compiled { get; set; }
}
