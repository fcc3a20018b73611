using LazyHost.Tests.Properties;

namespace LazyHost.Tests.Faults;

/// <summary>
/// A backend that fails or stalls once, at a stage and a time drawn by number, leaves variables as after the last whole step, the rest of the program unharmed,
/// nothing in memory, and nobody waiting. LAZYHOST_FAULTS sets the number of faults, LAZYHOST_FAULT the first; a failure names its own.
/// </summary>
public sealed class FaultTests
{
    [Fact]
    public async Task EveryFaultLeavesWholeStepsAndNothingElse()
    {
        var (first, count) = (Setting.Number("LAZYHOST_FAULT", 0), Setting.Number("LAZYHOST_FAULTS", 1000));
        var hit = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            FaultTrial? trial = null;
            try
            {
                // A thread of its own, which a fault may stall: it ends long before, or hangs for good. And of its own flows, which end with it.
                await OnThread(() =>
                {
                    trial = new(seed);
                    trial.Train();
                });
                await OnThread(trial!.CheckNothingIsLeft);
            }
            catch (Exception e) { Assert.Fail($"fault {seed}: {trial}\n{e}"); }
            if (trial.IsHit) hit++;
        }
        Assert.True(hit > count / 2, $"only {hit} of {count} faults happened");
    }

    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(60));
}
