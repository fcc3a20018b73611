namespace LazyHost.IR;

internal static class OperatorIds
{
    private static int last;

    public static int Next() => Interlocked.Increment(ref last);
}
