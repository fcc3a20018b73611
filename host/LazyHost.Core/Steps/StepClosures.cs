namespace LazyHost;

/// <summary>What a program asked to be done once a step has ended.</summary>
internal static class StepClosures
{
    /// <summary>Runs them in the order they were added; the first that throws ends the row.</summary>
    public static void Run(List<Action>? closures)
    {
        if (closures is null) return;
        Action[] all;
        lock (closures)
        {
            // Flows that went on from one another share them: they run with the one that ends the step.
            all = [.. closures];
            closures.Clear();
        }
        foreach (var closure in all) closure();
    }
}
