using System.Globalization;

namespace LazyHost;

/// <summary>A place in the user's source.</summary>
public readonly record struct CallSite(string File, int Line)
{
    /// <summary>Text such as <c>Model.cs:41</c>.</summary>
    public override string ToString() => $"{Path.GetFileName(File)}:{Line.ToString(CultureInfo.InvariantCulture)}";
}
