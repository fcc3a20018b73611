namespace LazyHost.Tests.Faults;

/// <summary>
/// Steps while one stage fails once. Steps of one kind write two variables, one of them through a view of it; steps of the other write a third that has nothing
/// to do with them. Whatever fails before the first write is done again, and must then go well.
/// </summary>
internal sealed class FaultTrial
{
    private const int Steps = 6, LaterSteps = 3;

    private readonly Random random;
    private readonly Fault fault;
    private readonly int size;
    private readonly bool cancels;
    private readonly CancellationTokenSource cancellation = new();
    private readonly LogList log = new();
    private readonly BrittleBackend backend = new();
    private readonly LazyEngine engine;
    private readonly Device device;
    private readonly List<Exception> told = [];

    /// <summary>Steps handed over since it was last known what the variables hold.</summary>
    private readonly List<(int Step, bool IsTorn)> open = [], openOther = [];

    private State known = new(0, 0);
    private float knownOther;
    private Tensor main, parts, part, other;

    public FaultTrial(int seed)
    {
        random = new(seed);
        size = random.Next(12) == 0 ? 17_000 : 5; // more, and less, than moves to managed memory
        var stage = (Stage)random.Next(9);
        var times = stage switch { Stage.Query => 20, Stage.Compile => 4, Stage.Execute => 9, Stage.Upload => 15, Stage.Allocate or Stage.Download or Stage.FreeBuffer => 12, Stage.FreeProgram => 3, _ => 1 };
        fault = new(stage, 1 + random.Next(times), (FaultKind)random.Next(5));
        cancels = random.Next(2) == 0;
        engine = new(new() { QueueDepth = 1 + random.Next(4), DataCacheEntries = 0, CacheEntries = random.Next(3) == 0 ? 1 : 100 }, log);
        device = engine.AddBackend(backend, "brittle", "test")[0];
        (main, parts, other) = (Tensor.Zeros([size], device), Tensor.Zeros([4], device), Tensor.Zeros([size], device));
        part = parts.Slice(0, 1, 3);
        backend.Fault = fault;
    }

    /// <summary>What the main variables hold: the same in each element; and the last of those written through the view.</summary>
    private sealed record State(float Main, float Part)
    {
        public State After(int step) => HalfAfter(step) with { Part = Part + HalfAfter(step).Main };

        public State HalfAfter(int step) => this with { Main = (Main * 0.5f) + step };
    }

    public bool IsHit => fault.Hit.IsCompleted;

    /// <summary>Runs that were lost, as far as somebody was told: a reader, a barrier, or the log.</summary>
    private int Lost => told.Count(e => e is ExecutionException or DeviceMemoryException) + log.Lines.Count(line => line.Text.StartsWith("A run on", StringComparison.Ordinal));

    public override string ToString() => $"{fault}{(cancels ? ", cancels" : "")}, size {size}, hit {IsHit}; {device.Queue.Pending} runs pending; told: {string.Join(" | ", told.Select(e => e.Message))}; "
        + $"log: {string.Join(" | ", log.Lines.Where(line => line.Level > Microsoft.Extensions.Logging.LogLevel.Debug))}";

    public void Train()
    {
        _ = fault.Hit.ContinueWith(_ => LetGo(), TaskScheduler.Default);
        for (var step = 1; step <= Steps; step++) Step(step);
        Settle();
        CheckTold();
        // It is over now, or does not come before the end: what follows goes as if nothing had happened.
        if (fault.Stage != Stage.Dispose) backend.Fault = Fault.None;
        var before = told.Count;
        for (var step = Steps + 1; step <= Steps + LaterSteps; step++) Step(step);
        Settle();
        Assert.Equal(before, told.Count);
    }

    /// <summary>Nothing is left of it.</summary>
    public void CheckNothingIsLeft()
    {
        main = parts = part = other = null!;
        for (var i = 0; i < 3 && device.MemoryUse.InUse > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(0, device.MemoryUse.InUse);
        Assert.Equal(0, device.Queue.Pending);
        try { engine.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
        catch (Exception e) when (fault.Stage == Stage.Dispose) { Tell(e); }
        Assert.Equal((0, 0), backend.Alive);
    }

    private void LetGo()
    {
        if (cancels) cancellation.Cancel();
        fault.Release();
    }

    private CancellationToken Token() => cancels && !IsHit ? cancellation.Token : CancellationToken.None;

    private void Step(int step)
    {
        var x = Again(() => Tensor.From(Enumerable.Repeat((float)step, size).ToArray(), [size], device));
        switch (random.Next(6))
        {
            case 0:
            case 1: Mark(openOther, step, () => other.AddInPlace(x)); break;
            case 2: Mark(open, step, () => Second(First(x))); break;
            case 3: ReadAndMark(step, x); break;
            default: Scope(step, x, reads: random.Next(2) == 0); break;
        }
        if (random.Next(3) == 0) Settle();
    }

    private Tensor First(Tensor x)
    {
        main.Assign((main * 0.5) + x);
        return main.Max();
    }

    private void Second(Tensor loss) => part.AddInPlace(loss);

    private void Mark(List<(int Step, bool IsTorn)> to, int step, Action record)
    {
        var isTorn = false;
        try { record(); }
        catch (LazyHostException e)
        {
            // A run before it has just failed, and its variables are on their way back: the first write may be recorded, and the second not.
            Tell(e);
            isTorn = true;
        }
        try { device.MarkStep(Token()); }
        catch (OperationCanceledException e)
        {
            Tell(e);
            device.MarkStep();
        }
        catch (ExecutionException e) { Tell(e); }
        catch (LazyHostException e)
        {
            Tell(e);
            record();
            device.MarkStep();
        }
        to.Add((step, isTorn));
    }

    private void ReadAndMark(int step, Tensor x)
    {
        Tensor loss;
        try
        {
            loss = First(x);
            try { Read(loss, step); }
            catch (LazyHostException e) when (e is not ExecutionException)
            {
                Tell(e);
                Drain();
                loss = First(x);
                Read(loss, step);
            }
        }
        catch (ExecutionException e)
        {
            Tell(e);
            device.MarkStep();
            return;
        }
        Mark(open, step, () => Second(loss));
    }

    private void Scope(int step, Tensor x, bool reads)
    {
        Settle();
        while (true)
        {
            var scope = device.BeginStep();
            try
            {
                var loss = First(x);
                if (reads) Read(loss, step);
                Second(loss);
                if (Complete(scope)) known = known.After(step);
                else open.Add((step, false));
                break;
            }
            catch (ExecutionException e)
            {
                Tell(e);
                break;
            }
            catch (LazyHostException e) { Tell(e); }
            finally { scope.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
            Drain();
            Assert.Equal(known, Read().Main);
        }
        if (open.Count == 0) Assert.Equal(known, Read().Main);
        else Settle();
    }

    /// <summary>False where it was cancelled while it waited: the step goes on, and is over when it is disposed of.</summary>
    private bool Complete(StepScope scope)
    {
        try { scope.CompleteAsync(Token()).GetAwaiter().GetResult(); }
        catch (OperationCanceledException e)
        {
            Tell(e);
            try { scope.CompleteAsync().GetAwaiter().GetResult(); }
            catch (StepException) { return false; }
        }
        return true;
    }

    private void Read(Tensor loss, int step)
    {
        float value;
        try { value = loss.ItemAsync<float>(Token()).GetAwaiter().GetResult(); }
        catch (OperationCanceledException e)
        {
            Tell(e);
            value = loss.ItemAsync<float>().GetAwaiter().GetResult();
        }
        if (open.Count == 0) Assert.Equal(known.After(step).Main, value);
    }

    /// <summary>Waits for all that was handed over, and finds out what the variables hold: every step whole or not at all, and one of the two groups unharmed.</summary>
    private void Settle()
    {
        Drain();
        var (found, foundOther) = Read();
        var states = After(open, known, (s, step) => s.After(step), (s, step) => s.HalfAfter(step));
        var others = After(openOther, knownOther, (o, step) => o + step, (o, _) => o);
        var (isWhole, isOtherWhole) = (found == states[0], foundOther == others[0]);
        var when = $"after {string.Join(", ", open)} and {string.Join(", ", openOther)}: {found} and {foundOther} found";
        Assert.True(states.Contains(found) && others.Contains(foundOther), $"{when}, not one of {string.Join(", ", states)} and one of {string.Join(", ", others)}");
        Assert.True(isWhole || isOtherWhole, $"{when}, {states[0]} or {others[0]} expected: one failure harmed both");
        Assert.True((isWhole && isOtherWhole) || Lost > 0, $"{when}, {states[0]} and {others[0]} expected: nobody was told");
        (known, knownOther) = (found, foundOther);
        open.Clear();
        openOther.Clear();
    }

    private void Drain()
    {
        while (true)
        {
            try
            {
                device.WaitDeviceOpsAsync().GetAwaiter().GetResult();
                return;
            }
            catch (LazyHostException e) { Tell(e); }
        }
    }

    /// <summary>What may be after steps of which any may have been lost; first what is there if none was.</summary>
    private static List<T> After<T>(List<(int Step, bool IsTorn)> steps, T from, Func<T, int, T> whole, Func<T, int, T> half)
    {
        List<T> all = [from];
        foreach (var (step, isTorn) in steps)
            all = [.. all.Select(s => whole(s, step)), .. all, .. isTorn ? all.Select(s => half(s, step)) : []];
        return all;
    }

    private (State Main, float Other) Read()
    {
        var (mains, all, others) = (Again(() => main.ToArray<float>()), Again(() => parts.ToArray<float>()), Again(() => other.ToArray<float>()));
        Assert.True(mains.Distinct().Count() == 1 && others.Distinct().Count() == 1 && all[0] == 0 && all[3] == 0 && all[1] == all[2], "not the same in each element");
        return (new(mains[0], all[2]), others[0]);
    }

    /// <summary>Copies something, once more where that failed.</summary>
    private T Again<T>(Func<T> copy)
    {
        try { return copy(); }
        catch (Exception e) when (e is OperationCanceledException or TransferException or DeviceMemoryException)
        {
            Tell(e);
            return copy();
        }
    }

    private void Tell(Exception e)
    {
        Assert.True(e is LazyHostException or OperationCanceledException, $"not of the host's: {e}");
        if (e is ExecutionException or CompilationException or TransferException) Assert.Contains("brittle", e.Message);
        if (e is ExecutionException error) Assert.NotNull(error.Operator);
        told.Add(e);
    }

    /// <summary>What went wrong was said, to somebody or in the log, unless it went right in the end.</summary>
    private void CheckTold()
    {
        var mayGoRight = fault.Kind is FaultKind.Stall or FaultKind.NoMemory || (fault.Stage == Stage.Allocate && fault.Kind != FaultKind.GiveUp);
        if (IsHit && !mayGoRight) Assert.True(told.Count > 0 || log.Lines.Any(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning), "nobody was told");
        if (!IsHit) Assert.Empty(told);
    }
}
