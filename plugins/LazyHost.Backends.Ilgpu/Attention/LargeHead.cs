namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>Heads of up to 128 columns.</summary>
internal readonly struct LargeHead : IHeadSize
{
    public static int Chunks => 2;

    public static int RowsLog => 5;
}
