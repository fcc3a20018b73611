using LazyHost.Backends;

namespace LazyHost;

/// <summary>A device tensors live on. Made by the engine for each device of a loaded backend.</summary>
public sealed class Device
{
    internal Device(LazyEngine engine, BackendHost host, DeviceId id, DeviceDescription description, int index, long memoryBudget)
    {
        Engine = engine;
        Host = host;
        Id = id;
        // A copy in types of the host's: what a plugin made must not outlive it.
        Description = new(description.Name, description.MemoryBytes, description.Details.ToDictionary());
        Index = index;
        Tag = new("device", id.ToString());
        Samples = new(engine.Metrics, this);
        Memory = new(this, memoryBudget);
        Queue = new(this, engine.Options.QueueDepth);
        DataCache = engine.DataCaches.Add();
        Context = engine.Contexts.Add(id);
        DefaultMode = engine.Options.Mode;
        Locker = engine.Lockers.Add(id);
    }

    internal LazyEngine Engine { get; }

    internal BackendHost Host { get; }

    /// <summary>Stands in keys for the build of every backend that may be used, the features of their devices, and the compile options.</summary>
    /// <summary>Where its operators run. Made anew when a backend comes or goes.</summary>
    internal FallbackRoute Fallback { get; set; } = null!;

    internal int Index { get; }

    internal DeviceContext Context { get; }

    internal DeviceLocker Locker { get; }

    internal DeviceMemory Memory { get; }

    internal DeviceQueue Queue { get; }

    internal DataCache DataCache { get; }

    /// <summary>What is measured of its runs.</summary>
    internal RunSamples Samples { get; }

    /// <summary>What was handed to it last.</summary>
    internal CachedComputation? Latest { get; set; }

    /// <summary>Its name as a tag of measurements.</summary>
    internal KeyValuePair<string, object?> Tag { get; }

    /// <summary>Its name.</summary>
    public DeviceId Id { get; }

    /// <summary>What its backend found out about it.</summary>
    public DeviceDescription Description { get; }

    /// <summary>The plugin it comes from.</summary>
    public string PluginId => Host.PluginId;

    /// <summary>Device memory held by LazyHost, in bytes: in use now, the greatest so far, and the budget.</summary>
    public (long InUse, long Peak, long Budget) MemoryUse => (Memory.InUse, Memory.Peak, Memory.Budget);

    /// <summary>The backend's own memory figures.</summary>
    /// <exception cref="DeviceGoneException">The backend has been unloaded.</exception>
    public MemoryStatistics MemoryStatistics => Host.Backend.GetMemoryStatistics(Id.Ordinal);

    /// <summary>When operators of the calling flow on it run: as the scope says that the flow is in (<see cref="Use(ExecutionMode)"/>), else as was set here last. Setting it
    /// changes no scope.</summary>
    /// <exception cref="InvalidAttributeException">Set to what is no mode.</exception>
    public ExecutionMode Mode
    {
        get => Engine.CurrentFlow?.Mode ?? DefaultMode;
        set => DefaultMode = Defined(value);
    }

    /// <summary>The number of steps begun by <see cref="MarkStep"/> or a step scope.</summary>
    public long Steps => Context.Steps;

    /// <summary>Ends the step of the calling flow: what it recorded is handed to the device (compiled first where nothing equal ran before), and the seed
    /// advances. Returns when the work is handed over; it runs on.</summary>
    /// <exception cref="LazyHostException">The segment cannot be compiled or bound. Every tensor keeps its value or stays computable.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before, or while compiling; nothing has changed, and the step can be marked again.</exception>
    /// <exception cref="StepException">Inside a step scope, which ends its step itself.</exception>
    public void MarkStep(CancellationToken cancellationToken = default) => Engine.Executor.MarkStep(this, cancellationToken);

    /// <summary>Begins a step in which nothing outlives the end but variables, kept tensors and small results. Complete it, or dispose it to undo it.</summary>
    /// <exception cref="StepException">The flow is in a step scope of this device already.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before, or while compiling what was recorded before; no step has begun.</exception>
    public StepScope BeginStep(CancellationToken cancellationToken = default) => Engine.Executor.BeginStep(this, cancellationToken);

    /// <summary>The operators its own backend cannot run in some element type, and where they run instead. Only asks, with the sample inputs of each operator.</summary>
    /// <exception cref="PluginException">A backend failed to answer.</exception>
    /// <exception cref="DeviceGoneException">A backend has been removed.</exception>
    public IReadOnlyList<MissingOperator> FindMissingOperators()
    {
        Host.Enter();
        try { return [.. Fallback.FindMissing()]; }
        catch (Exception e) { throw BackendHost.Translate(e, message => new PluginException($"asking what {Id} and its fallback chain can run failed: {message}")); }
        finally { Host.Leave(); }
    }

    /// <summary>When operators on it run where no scope says otherwise.</summary>
    internal ExecutionMode DefaultMode { get; private set; }

    /// <summary>Closes every flow's segment on this device.</summary>
    public void SyncLiveTensors(CancellationToken cancellationToken = default) => Engine.Executor.SyncLiveTensors(this, cancellationToken);

    /// <summary>Makes sure that what these tensors stand for is handed to the device, in one segment where one has recorded them all. Like a read, it ends the
    /// segment; unlike one, it does not wait.</summary>
    /// <exception cref="UnknownDeviceException">One lies on another device; nothing has been handed over.</exception>
    /// <exception cref="LazyHostException">A segment cannot be compiled or bound, or a value has expired.</exception>
    public void SyncTensors(IReadOnlyList<Tensor> tensors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.FirstOrDefault(t => t.Device != this) is { } other)
            throw new UnknownDeviceException($"{other} cannot be synced with tensors of {Id}: call SyncTensors of {other.Device.Id}, or Tensor.ToArraysAsync for several devices").At(null, SourceFrames.Site(null, 0));
        Engine.Executor.SyncTensors(tensors, cancellationToken);
        Engine.ReleaseFlow();
    }

    /// <summary>Waits until all work handed to the device is done. Errors of runs come with their results; one that nobody has read of comes here, once.</summary>
    /// <exception cref="ExecutionException">A run failed, and no read of a result of it has said so.</exception>
    public Task WaitDeviceOpsAsync(CancellationToken cancellationToken = default) => Engine.WaitDeviceOpsAsync([this], cancellationToken);

    /// <summary>Does something once the calling flow's step has ended: after its work is handed over, by <see cref="MarkStep"/> or <see cref="BeginStep"/>, or after it is
    /// done, by a step scope. Closures run in the order they were added; one that throws ends the row, and throws there. They are dropped with a discarded step.</summary>
    public void AddStepClosure(Action closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        (Engine.FlowTape(this).Closures ??= []).Add(closure);
    }

    /// <summary>The same in the background: asynchronous closures of the engine run one after the other, while later steps are recorded. At most 100 wait; then
    /// the step waits. After one has failed, those waiting are dropped, and the next to be submitted throws its error instead.</summary>
    public void AddStepClosure(Func<CancellationToken, Task> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        AddStepClosure(() => Engine.AsyncClosures.Submit(closure));
    }

    /// <summary>Operators of the calling flow run so until the result is disposed of, on every device. What is recorded already is not touched.</summary>
    /// <exception cref="InvalidAttributeException">It is no mode.</exception>
    public IDisposable Use(ExecutionMode mode)
    {
        Defined(mode);
        var before = Engine.BeginFlow().Mode;
        Engine.BeginFlow().Mode = mode;
        return new Undo(() => Engine.BeginFlow().Mode = before);
    }

    /// <summary>Gives what the calling flow records, until the result is disposed of, a name in dumps, errors and traces. Scopes inside one another make a path such
    /// as <c>encoder.1/attention.2</c>: the number is the scope's place among those begun in the same one, and begins again with each step. Costs nothing an
    /// operation, and changes no key.</summary>
    public IDisposable Scope(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var flow = Engine.BeginFlow();
        var outer = flow.Scope ??= new();
        flow.Scope = outer.Enter(name);
        return new Undo(() => Engine.BeginFlow().Scope = outer);
    }

    /// <summary>The graph that computes these tensors from what is on the device, as text. What is only recorded stays so.</summary>
    /// <param name="tensors">Tensors of this device; they are the graph's roots, in this order.</param>
    /// <param name="format">How it is written; <see cref="DumpFormat.Backend"/> compiles it, and throws the program away.</param>
    /// <exception cref="UnknownDeviceException">A tensor lies on another device.</exception>
    /// <exception cref="StepException">A tensor was recorded in a step that was discarded.</exception>
    /// <exception cref="InvalidAttributeException">It is no format.</exception>
    /// <exception cref="LazyHostException">The backend cannot compile it.</exception>
    public string Dump(IReadOnlyList<Tensor> tensors, DumpFormat format = DumpFormat.Text)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Defined(format);
        if (tensors.FirstOrDefault(t => t.Device != this) is { } other) throw new UnknownDeviceException($"a tensor on {other.Device.Id} cannot be dumped with those of {Id}");
        var graph = PendingGraph.Of(tensors);
        return format == DumpFormat.Backend ? Engine.Executor.ProgramText(this, graph) : GraphDump.Write(graph, format);
    }

    /// <summary>The program that was handed to the device last, as text: the graph as it was first recorded, or what the backend made of it. Empty where there was
    /// none, or where the cache has dropped the program and the backend's text is asked for.</summary>
    public string DumpLatestProgram(DumpFormat format = DumpFormat.Backend)
    {
        Defined(format);
        if (Latest is not { } latest) return "";
        return format == DumpFormat.Backend ? latest.Computation.TryDump() ?? "" : GraphDump.Write(latest.Graph, format);
    }

    /// <summary>Reads of the calling flow are treated so until the result is disposed of.</summary>
    /// <exception cref="InvalidAttributeException">It is no policy.</exception>
    public IDisposable Use(SyncPolicy policy)
    {
        Defined(policy);
        var before = Engine.BeginFlow().Policy;
        Engine.BeginFlow().Policy = policy;
        return new Undo(() => Engine.BeginFlow().Policy = before);
    }

    /// <summary>Segments that the calling flow ends, on any device, are compiled within this limit until the result is disposed of, and within those of scopes around
    /// it. One limit may be used again, also by several flows: its count goes on.</summary>
    public IDisposable Use(CompileLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var before = Engine.BeginFlow().Limits;
        Engine.BeginFlow().Limits = new(limit, before);
        return new Undo(() => Engine.BeginFlow().Limits = before);
    }

    /// <summary>Until the result is disposed of, the calling flow may have nothing compiled: a segment that code would have to be made for is a <see cref="CompileLimitException"/> that
    /// says why, and nothing has changed.</summary>
    public IDisposable ForbidCompiles() => Use(new CompileLimit(0));

    /// <summary>Records a body, in any mode, and hands it to the device as exactly one segment: what was recorded before is handed over first, and a read inside
    /// is an error.</summary>
    /// <exception cref="StepException">The body reads a value it has only recorded, marks a step, or grows beyond the limit of a segment.</exception>
    /// <exception cref="LazyHostException">The segment cannot be compiled or bound.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before: the body has not run. Or while compiling: what it recorded is still recorded.</exception>
    public void Compiled(Action body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        cancellationToken.ThrowIfCancellationRequested();
        var tape = Engine.FlowTape(this);
        var flow = tape.Flow;
        if (flow.InRegion)
        {
            body();
            return;
        }
        Engine.Executor.Close(tape, CloseReason.RegionBegin, cancellationToken);
        var mode = flow.Mode;
        (flow.InRegion, flow.Mode) = (true, ExecutionMode.Lazy);
        try { body(); }
        finally { (flow.InRegion, flow.Mode) = (false, mode); }
        Engine.Executor.Close(tape, CloseReason.RegionEnd, cancellationToken);
        tape.ThrowUntold(); // another flow's SyncLiveTensors may have been faster
        Engine.ReleaseFlow();
    }

    /// <summary><see cref="Compiled(Action, CancellationToken)"/> with a result.</summary>
    /// <exception cref="StepException">The body is asynchronous: what it does after an await would be outside the region.</exception>
    public T Compiled<T>(Func<T> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (typeof(Task).IsAssignableFrom(typeof(T)) || typeof(T) == typeof(ValueTask)) throw new StepException("an asynchronous body of a compiled region: what follows its first await would not be in it. Await before the region or after it");
        T? result = default;
        Compiled(() => { result = body(); }, cancellationToken);
        return result!;
    }

    /// <summary>The seed that was set last: 101 at first.</summary>
    public ulong Seed => Context.Seed;

    /// <summary>The seed of the step: that which was set, or what has followed from it step by step.</summary>
    public ulong RunningSeed => Context.RunningSeed;

    /// <summary>Sets the seed from which the following random operations draw, but for those that are given a <see cref="Generator"/>.</summary>
    public void SetSeed(ulong seed) => Context.SetSeed(seed);

    /// <summary>Gives the calling method a flow of its own until the result is disposed.</summary>
    public IDisposable Fork() => Engine.Fork();

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();

    private static T Defined<T>(T value) where T : struct, Enum => Enum.IsDefined(value) ? value
        : throw new InvalidAttributeException($"{typeof(T).Name} {value} does not exist; there are {string.Join(", ", Enum.GetNames<T>())}").At(null, SourceFrames.Site(null, 0));
}
