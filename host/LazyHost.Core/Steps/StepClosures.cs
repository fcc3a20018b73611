namespace LazyHost;

/// <summary>What a program asked to be done once a step has ended.</summary>
internal static class StepClosures
{
    /// <summary>Runs them in the order they were added; the first that throws ends the row.</summary>
    public static void Run(List<Action>? closures)
    {
        if (closures is null) return;
        foreach (var closure in closures) closure();
    }
}
