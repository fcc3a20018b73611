namespace LazyHost.Lowering.Fuse;

/// <summary>What fusion decided: steps in the order they run, and the root each value is written to directly, or -1.</summary>
internal sealed record FusionPlan(ValueTable Values, IReadOnlyList<PlannedStep> Steps, int[] OutputSlot);
