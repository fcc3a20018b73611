using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LazyHost.Backends.Simd;

/// <summary>The settings of the backend: section <c>LazyHost:Backends:simd</c>.</summary>
/// <param name="Threads">How many threads one program may use, its caller's included; 0 for every core.</param>
/// <param name="MaxVectorWidth">The widest vectors in bits: 512, 256 or 128, or 0 for scalar code. The machine may allow less.</param>
/// <param name="AnySize">Makes code that serves every size for the first kernel of a structure already, not only from the second on: fewer compilations where sizes
/// are known to vary, and somewhat slower code where they do not.</param>
public sealed record SimdSettings(int Threads = 0, int MaxVectorWidth = 512, bool AnySize = false)
{
    private const int MostThreads = 1024;

    /// <summary>Reads and checks a section; what is not there has its default.</summary>
    /// <exception cref="ConfigurationException">A value cannot be taken; every fault is named.</exception>
    public static SimdSettings Read(IConfigurationSection section)
    {
        var faults = new List<string>();
        var settings = new SimdSettings(Number(section, nameof(Threads), 0, faults), Number(section, nameof(MaxVectorWidth), 512, faults), Flag(section, nameof(AnySize), faults));
        foreach (var child in section.GetChildren())
            if (child.Key is not (nameof(Threads) or nameof(MaxVectorWidth) or nameof(AnySize)))
                faults.Add($"{child.Path} is not known; known are {nameof(Threads)}, {nameof(MaxVectorWidth)} and {nameof(AnySize)}");
        settings.Check(section.Path, faults);
        return settings;
    }

    /// <summary>Throws when a value cannot be taken.</summary>
    /// <exception cref="ConfigurationException">A value cannot be taken.</exception>
    public void Check() => Check("simd", []);

    private void Check(string path, List<string> faults)
    {
        if (Threads is < 0 or > MostThreads) faults.Add($"{path}:{nameof(Threads)} is {Threads}; give a number from 0 (every core) to {MostThreads}");
        if (MaxVectorWidth is not (0 or 128 or 256 or 512)) faults.Add($"{path}:{nameof(MaxVectorWidth)} is {MaxVectorWidth}; give 512, 256, 128 or 0 (scalar)");
        if (faults.Count > 0) throw new ConfigurationException(string.Join("; ", faults));
    }

    private static int Number(IConfigurationSection section, string name, int otherwise, List<string> faults)
    {
        if (section[name] is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)) return value;
        faults.Add($"{section.Path}:{name} is '{text}', which is no whole number");
        return otherwise;
    }

    private static bool Flag(IConfigurationSection section, string name, List<string> faults)
    {
        if (section[name] is not { } text) return false;
        if (bool.TryParse(text, out var value)) return value;
        faults.Add($"{section.Path}:{name} is '{text}'; give true or false");
        return false;
    }
}
