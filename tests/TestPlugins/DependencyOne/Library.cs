namespace TestDependency;

/// <summary>Differs between the two versions of this library.</summary>
public static class Library
{
    /// <summary>Which version runs.</summary>
    public static string Name => "version 1 of the library";
}
