namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>Heads of up to 64 columns.</summary>
internal readonly struct SmallHead : IHeadSize
{
    public static int Chunks => 1;

    public static int RowsLog => 6;
}
