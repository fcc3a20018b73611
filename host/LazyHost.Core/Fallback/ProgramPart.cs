namespace LazyHost;

/// <summary>A part of a program, compiled, and what the run does around it. Buffers are known by their place in <see cref="PartitionedProgram.Slots"/>.</summary>
internal sealed class ProgramPart(Device device, Computation computation)
{
    public Device Device { get; } = device;

    public Computation Computation { get; } = computation;

    public int[] Inputs { get; init; } = [];

    public int[] Outputs { get; init; } = [];

    /// <summary>The slots of the run's scalar block that it takes.</summary>
    public int[] Scalars { get; init; } = [];

    /// <summary>Copies between devices that bring its inputs.</summary>
    public IReadOnlyList<(int From, int To)> CopiesIn { get; init; } = [];

    /// <summary>Copies between devices that take its outputs to the buffers of the run.</summary>
    public IReadOnlyList<(int From, int To)> CopiesOut { get; init; } = [];

    /// <summary>Temporary buffers that nothing needs after it.</summary>
    public List<int> LastUses { get; } = [];

    /// <summary>The operators it was cut from, with the number of each.</summary>
    public (string Name, int Count)[] Operators { get; init; } = [];

    /// <summary>Where the first of them was recorded.</summary>
    public CallSite? Site { get; init; }

    /// <summary>Says in errors which part it is.</summary>
    public override string ToString()
    {
        var names = string.Join(", ", Operators.Take(5).Select(o => o.Name)) + (Operators.Length > 5 ? ", ..." : "");
        return $"{names} on {Device.Id} (backend '{Device.PluginId}')";
    }
}
