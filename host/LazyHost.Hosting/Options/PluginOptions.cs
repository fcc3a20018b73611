namespace LazyHost.Hosting;

/// <summary>Settings under <c>LazyHost:Plugins</c>.</summary>
public sealed class PluginOptions
{
    /// <summary>The directory with one folder a plugin; relative paths start beside the program.</summary>
    public string Directory
    {
        get;
        set => (field, IsDirectorySet) = (value, true);
    } = "plugins";

    /// <summary>True where the directory was named: then it must be there when the host starts.</summary>
    internal bool IsDirectorySet { get; private set; }

    /// <summary>
    /// Patterns (<c>*</c>, <c>?</c>) of which one must match a folder's name, or the part of it after the last dot, in any case. Empty means every folder.
    /// </summary>
    public IList<string> Enabled { get; set; } = [];

    /// <summary>The directory's full path.</summary>
    public string FullDirectory => Path.GetFullPath(Directory, AppContext.BaseDirectory);
}
