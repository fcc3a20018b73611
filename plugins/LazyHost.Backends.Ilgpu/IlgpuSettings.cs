using ILGPU.Runtime;
using Microsoft.Extensions.Configuration;

namespace LazyHost.Backends.Ilgpu;

/// <summary>The settings of the plugin: section <c>LazyHost:Backends:ilgpu</c>.</summary>
public sealed record IlgpuSettings
{
    private static readonly string[] Known = [nameof(Kinds), nameof(Cublas), nameof(SaveKernels)];

    /// <summary>The types of device it looks for: <c>Cuda</c> and <c>OpenCL</c> unless the section says otherwise. <c>Cpu</c>, ILGPU's simulation of a device, is for trying
    /// kernels out: it is thousands of times slower than a CPU backend.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = ["Cuda", "OpenCL"];

    /// <summary>False where products are to be multiplied by the plugin's own kernels although cuBLAS is installed.</summary>
    public bool Cublas { get; init; } = true;

    /// <summary>A directory in which the assembly of every emitted kernel is saved, or null.</summary>
    public string? SaveKernels { get; init; }

    /// <summary>Reads and checks a section; what is not there has its default.</summary>
    /// <exception cref="ConfigurationException">A value cannot be taken; every fault is named.</exception>
    public static IlgpuSettings Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var faults = new List<string>();
        foreach (var child in section.GetChildren())
            if (!Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) faults.Add($"{child.Path} is not known; known are {string.Join(", ", Known)}");
        var kinds = section.GetSection(nameof(Kinds)).GetChildren().Select(kind => (kind.Path, Value: kind.Value ?? "")).ToList();
        if (section[nameof(Kinds)] is { Length: > 0 } single) kinds.Add(($"{section.Path}:{nameof(Kinds)}", single));
        foreach (var (path, value) in kinds)
            if (TypeOf(value) is null) faults.Add($"{path} is '{value}'; give Cuda, OpenCL or Cpu");
        var cublas = true;
        if (section[nameof(Cublas)] is { } flag && !bool.TryParse(flag, out cublas)) faults.Add($"{section.Path}:{nameof(Cublas)} is '{flag}'; give true or false");
        if (faults.Count > 0) throw new ConfigurationException(string.Join("; ", faults));
        var settings = new IlgpuSettings { Cublas = cublas, SaveKernels = section[nameof(SaveKernels)] };
        return kinds.Count == 0 ? settings : settings with { Kinds = [.. kinds.Select(kind => kind.Value)] };
    }

    internal IReadOnlyList<AcceleratorType> Types => [.. Kinds.Select(kind => TypeOf(kind) ?? throw new ConfigurationException($"'{kind}' is no kind of device; give Cuda, OpenCL or Cpu")).Distinct()];

    private static AcceleratorType? TypeOf(string kind) => kind.ToUpperInvariant() switch
    {
        "CUDA" => AcceleratorType.Cuda,
        "OPENCL" => AcceleratorType.OpenCL,
        "CPU" => AcceleratorType.CPU,
        _ => null,
    };
}
