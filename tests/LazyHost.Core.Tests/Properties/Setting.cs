using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests.Properties;

/// <summary>How a program is run.</summary>
/// <param name="Name">For messages.</param>
internal sealed record Setting(string Name)
{
    public ExecutionMode Mode { get; init; }

    /// <summary>Lines between boundaries are compiled regions.</summary>
    public bool Regions { get; init; }

    public bool Simd { get; init; }

    public bool Fusion { get; init; } = true;

    /// <summary>Every run goes through the queue, to another thread.</summary>
    public bool Queued { get; init; }

    /// <summary>Collections happen where the program asks for them.</summary>
    public bool Collect { get; init; }

    public static Setting[] All { get; } =
    [
        new("lazy"), new("lazy with collections") { Collect = true }, new("eager") { Mode = ExecutionMode.Eager }, new("regions") { Regions = true }, new("queued") { Queued = true },
        new("simd") { Simd = true }, new("simd without fusion") { Simd = true, Fusion = false }, new("simd, eager") { Simd = true, Mode = ExecutionMode.Eager },
        new("simd, regions, queued") { Simd = true, Regions = true, Queued = true },
    ];

    /// <summary>A number from the environment, for more programs than a quick test run tries.</summary>
    public static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    public LazyEngine Engine(out Device device)
    {
        var engine = new LazyEngine(new() { Mode = Mode, Compilation = new(Fusion) });
        IBackend backend = Simd ? new SimdBackend(new() { Threads = 1 }) : new ReferenceBackend();
        device = engine.AddBackend(Queued ? new FaultyBackend(backend) : backend, "tested", "test")[0];
        return engine;
    }

    public override string ToString() => Name;
}
