namespace TestPlugin;

internal static class ThrowingType
{
    public static readonly string Name = Throw();

    private static string Throw() => throw new OwnException("the type initializer gave up");
}
