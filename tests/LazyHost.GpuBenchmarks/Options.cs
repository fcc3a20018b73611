using ILGPU.Runtime;

namespace LazyHost.GpuBenchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Type">The type of device.</param>
/// <param name="Ordinal">Which of that type.</param>
/// <param name="Small">Sizes and repeats so small that they say nothing, to see that everything runs.</param>
/// <param name="Json">JSON lines instead of text.</param>
/// <param name="Groups">The groups to run; empty for all.</param>
internal sealed record Options(AcceleratorType Type, int Ordinal, bool Small, bool Json, IReadOnlyList<string> Groups)
{
    /// <summary>Reads the command line, or says how it is written.</summary>
    public static Options? Read(string[] arguments, IReadOnlyCollection<string> groups)
    {
        var options = new Options(AcceleratorType.Cuda, 0, false, false, []);
        var chosen = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--small": options = options with { Small = true }; break;
                case "--json": options = options with { Json = true }; break;
                case "--device" when i + 1 < arguments.Length && DeviceId.TryParse(arguments[i + 1], out var id) && TypeOf(id.Kind) is { } type:
                    options = options with { Type = type, Ordinal = id.Ordinal };
                    i++;
                    break;
                case var name when groups.Contains(name): chosen.Add(name); break;
                default:
                    Console.Error.WriteLine($"'{arguments[i]}' cannot be taken. Usage: LazyHost.GpuBenchmarks [--device cuda:0|opencl:0] [--small] [--json] [{string.Join('|', groups)}]...");
                    return null;
            }
        }
        return options with { Groups = chosen };
    }

    private static AcceleratorType? TypeOf(string kind) => kind switch { "cuda" => AcceleratorType.Cuda, "opencl" => AcceleratorType.OpenCL, _ => null };
}
