namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>Indices of 32 bits.</summary>
internal readonly struct Int32Index : IStorage<int, long>
{
    public static long Widen(int stored) => stored;

    public static int Narrow(long value) => (int)value;
}
