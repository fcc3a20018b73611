using System.Globalization;

namespace LazyHost;

/// <summary>Why a segment had to be compiled: the first difference to the nearest program of its device in the cache.</summary>
public sealed record CompileExplanation
{
    /// <summary>The kind of difference.</summary>
    public required CompileReason Reason { get; init; }

    /// <summary>The device.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The hash of the segment's key.</summary>
    public required UInt128 Key { get; init; }

    /// <summary>The number of nodes of the segment, inputs included.</summary>
    public required int Nodes { get; init; }

    /// <summary>The key of the program it was compared with, or null where there was none.</summary>
    public UInt128? Nearest { get; init; }

    /// <summary>The index of the node where the difference shows, in the segment's graph; for a result that is asked for no more, in that of <see cref="Nearest"/>.
    /// Null where it shows at none.</summary>
    public int? Node { get; init; }

    /// <summary>The operator of that node, or null.</summary>
    public string? Operator { get; init; }

    /// <summary>What of it is different, such as <c>operand 0</c> or <c>attribute axes</c>; empty where the kind says all.</summary>
    public string What { get; init; } = "";

    /// <summary>How it is: a type, a value, an operator.</summary>
    public string Now { get; init; } = "";

    /// <summary>How it was in the nearest program.</summary>
    public string Before { get; init; } = "";

    /// <summary>Where the node was recorded, or null where nobody knows: operators such as <c>+</c> know it with <see cref="LazyEngineOptions.Frames"/>.</summary>
    public CallSite? Site { get; init; }

    /// <summary>How many compilations that place has caused, this one included; where it is not known, all of unknown places.</summary>
    public long Count { get; init; }

    /// <summary>What to do about a place that keeps compiling, where something can be done; empty elsewhere.</summary>
    private string Advice => Reason == CompileReason.Length && Count > 1 ? ". If a loop of the program does it, Loop.For compiles once for every number of turns" : "";

    /// <summary>Text such as <c>matmul at Train.cs:41: operand 0 is f32[9, 16], was f32[8, 16] (Shape; 3 compiles from there)</c>.</summary>
    public override string ToString() => Reason switch
    {
        CompileReason.FirstCompile => $"the cache holds no program of {Device} yet (FirstCompile)",
        CompileReason.Evicted => "this program was compiled before, and dropped to stay within the cache's limits (Evicted)",
        CompileReason.Backend => "the same graph was compiled for another build, other features, another fallback chain, or other marks of sizes that vary (Backend)",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Operator ?? "the segment"}{(Site is { } site ? $" at {site}" : "")}: {What} is {Now}, was {Before} ({Reason}; {Count} compile{(Count == 1 ? "" : "s")} from {(Site is null ? "unknown places" : "there")}){Advice}"),
    };
}
