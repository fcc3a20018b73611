using System.Runtime.InteropServices;

namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>8 bytes that are loaded and stored at once.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal struct Words2(int x, int y)
{
    public int X = x, Y = y;

    public static Words2 Of(int x, int y) => new(x, y);
}

/// <summary>16 bytes that are loaded and stored at once.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Words4(int x, int y, int z, int w)
{
    public int X = x, Y = y, Z = z, W = w;

    public static Words4 Of(int x, int y, int z, int w) => new(x, y, z, w);
}

/// <summary>16 bytes of two elements that are loaded and stored at once.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Longs2(long x, long y)
{
    public long X = x, Y = y;

    public static Longs2 Of(long x, long y) => new(x, y);
}
