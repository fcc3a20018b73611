namespace LazyHost.Lowering.Fuse;

/// <summary>A step to be. Steps are planned last first; a higher sequence number runs earlier.</summary>
internal abstract class PlannedStep(int sequence)
{
    public int Sequence { get; } = sequence;
}

