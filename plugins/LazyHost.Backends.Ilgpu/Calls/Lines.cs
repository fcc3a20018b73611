using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Who works on the lines of an axis.</summary>
internal static class Lines
{
    /// <summary>True where a group shall share each line: there it reads neighbours, or there are too few lines for a thread each. Else neighbouring threads take neighbouring lines.</summary>
    public static bool AreShared(Axis axis) => axis.Inner == 1 ? axis.Size >= 64 : axis.Size >= 512 && axis.Lines < 4096;
}
