using System.Globalization;

namespace LazyHost;

/// <summary>A place in the user's source.</summary>
/// <param name="File">The file, or where there are no debug symbols the method; empty where neither is known.</param>
/// <param name="Line">The line, or 0 where it is not known.</param>
/// <param name="Scope">The path of named scopes the program was in, such as <c>encoder.1/attention.2</c>, or null.</param>
public readonly record struct CallSite(string File, int Line, string? Scope = null)
{
    /// <summary>Text such as <c>Model.cs:41</c>, or <c>Model.cs:41 in encoder.1</c>.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? Path.GetFileName(File) : $"{Path.GetFileName(File)}:{Line.ToString(CultureInfo.InvariantCulture)}";
        return Scope is null ? place : place.Length == 0 ? $"scope {Scope}" : $"{place} in {Scope}";
    }
}
