using System.Globalization;

namespace LazyHost;

/// <summary>A named part of what a flow records. Scopes inside one another make a path such as <c>encoder.1/attention.2</c>: attention is the second scope
/// begun in the first.</summary>
internal sealed class IrScope
{
    private readonly IrScope? outer;
    private readonly string? name;
    private readonly int number;
    private int begun;
    private string? path;

    /// <summary>The scope around all others, which has no name.</summary>
    public IrScope() { }

    private IrScope(IrScope outer, string name, int number) => (this.outer, this.name, this.number) = (outer, name, number);

    /// <summary>A scope known by its path alone.</summary>
    public static IrScope Of(string path) => new() { path = path };

    /// <summary>The path, or null outside all named scopes.</summary>
    public string? Path => path ??= name is null ? null : $"{(outer!.Path is { } before ? before + "/" : "")}{name}.{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A scope inside this one.</summary>
    public IrScope Enter(string name) => new(this, name, ++begun);

    /// <summary>A step has ended: numbers begin again, after those of the scopes that are still open.</summary>
    public void Restart()
    {
        begun = 0;
        for (var scope = this; scope.outer is not null; scope = scope.outer) scope.outer.begun = scope.number;
    }
}
