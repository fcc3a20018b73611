namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>Three numbers, one for each spatial dimension.</summary>
internal readonly record struct Triple(int A, int B, int C)
{
    public static Triple Of(long[] sizes) => new((int)sizes[0], (int)sizes[1], (int)sizes[2]);
}
