using System.Globalization;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using LazyHost.Backends.Ilgpu.Calls;
using LazyHost.Backends.Ilgpu.Cublas;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Memory;
using LazyHost.IR;
using LazyHost.Lowering;

namespace LazyHost.Backends.Ilgpu;

/// <summary>
/// GPUs through ILGPU: devices <c>cuda:N</c> or <c>opencl:N</c> (<c>ilgpu:0</c> for ILGPU's own simulation). A device is opened when it is first used. Programs run on one
/// stream of the device; copies on another. A run is complete when <see cref="ExecuteAsync"/> returns, which waits on its caller's thread; several may be under way.
/// </summary>
public sealed class IlgpuBackend : IBackend, IExecutableSerializer
{
    private const int CopyOnCaller = 1 << 20;

    private readonly DeviceContext context;
    private readonly IlgpuSettings settings;
    private readonly DeviceSession?[] sessions;
    private readonly Lock gate = new();
    private bool isDisposed;

    /// <summary>Looks for the devices of one type. Finding none is no error: <see cref="Notes"/> says why.</summary>
    /// <param name="type">The type of device.</param>
    /// <param name="settings">The plugin's settings.</param>
    public IlgpuBackend(AcceleratorType type, IlgpuSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Kind = type switch { AcceleratorType.Cuda => "cuda", AcceleratorType.OpenCL => "opencl", _ => "ilgpu" };
        this.settings = settings;
        context = new(type);
        sessions = new DeviceSession?[context.Devices.Count];
        Devices = [.. context.Devices.Select(Describe)];
        // Programs are compiled for each device by itself, so what differs between two of them is none of the key's business but this.
        Fingerprint = $"ilgpu/1 {string.Join('|', context.Devices.Select(device => $"{device.Name}{(HasDouble(device) ? "" : " without f64")}"))}{(CublasName is { } name ? $" {name}" : "")}";
    }

    /// <inheritdoc/>
    public string Kind { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> Devices { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => context.Notes;

    /// <summary>Whole for every primitive but custom calls, in the element types its form allows and with fixed sizes (f64 only where all devices have it) and shapes its kernels take; Decompose for
    /// every operator.</summary>
    public Capability Query(in OperatorQuery query)
    {
        foreach (var type in query.Operands) if (!Takes(type)) return Capability.No;
        foreach (var type in query.Outputs) if (!Takes(type)) return Capability.No;
        if (query.Form == InputForms.Parameter || query.Form == InputForms.Scalar) return Capability.Whole;
        if (query.Form is not Primitive primitive) return Capability.Decompose;
        var isAllowed = query.Operands.IsEmpty || primitive.DTypes.Contains(query.Operands[0].DType);
        return isAllowed && primitive.Kind != PrimitiveKind.CustomCall && CallShapes.Takes(primitive, query) ? Capability.Whole : Capability.No;
    }

    /// <inheritdoc/>
    public IDeviceBuffer Allocate(int ordinal, long byteSize)
    {
        return Session(ordinal).Use(byteSize, static (session, bytes) => session.Memory.Rent(bytes));
    }

    /// <inheritdoc/>
    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (session, view) = Own(destination, source.Length);
        if (source.Length == 0) return ValueTask.CompletedTask;
        return Copy(source.Length, () => session.Use((source, view), static (s, copy) => s.Copies.ToDevice(copy.source, copy.view)));
    }

    /// <inheritdoc/>
    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (session, view) = Own(source, destination.Length);
        if (destination.Length == 0) return ValueTask.CompletedTask;
        return Copy(destination.Length, () => session.Use((destination, view), static (s, copy) => s.Copies.ToHost(copy.view, copy.destination)));
    }

    /// <inheritdoc/>
    public async ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (from, to) = (Own(source, byteSize), Own(destination, byteSize));
        if (byteSize == 0) return;
        if (from.Session == to.Session)
        {
            from.Session.Use((from, to), static (s, copy) => s.Copies.Within(copy.from.View, copy.to.View));
            return;
        }
        var bytes = new byte[byteSize];
        await CopyToHostAsync(source, bytes, cancellationToken).ConfigureAwait(false);
        await CopyFromHostAsync(bytes, destination, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="UnsupportedOperatorException">A node is neither an input nor a primitive it can run.</exception>
    public ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult<IExecutable>(Compile(context, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IExecutable?> AssembleAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult<IExecutable?>(KernelTable.FromKnown(() => Compile(context, cancellationToken)));
    }

    /// <summary>The texts its kernels were compiled to.</summary>
    public ReadOnlyMemory<byte> Serialize(IExecutable executable) => executable is IlgpuExecutable program ? program.Serialize() : default;

    /// <summary>Compiles the graph from the texts of its kernels; a text the driver takes no more is made anew.</summary>
    /// <exception cref="InvalidDataException">The bytes are none that <see cref="Serialize"/> gave.</exception>
    public IExecutable Deserialize(LoweringContext context, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(context);
        Session(context.Device.Ordinal).Kernels.Texts.Read(bytes);
        return Compile(context, CancellationToken.None);
    }

    /// <inheritdoc/>
    /// <exception cref="ExecutionException">The arguments do not fit the program.</exception>
    public ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        cancellationToken.ThrowIfCancellationRequested();
        if (executable is not IlgpuExecutable program) throw new ExecutionException($"{executable?.GetType().Name} was not compiled by the ILGPU backend");
        Session(arguments.Ordinal).Use((program, arguments), static (s, run) => run.program.Run(run.arguments, s));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public MemoryStatistics GetMemoryStatistics(int ordinal)
    {
        RequireDevice(ordinal);
        return sessions[ordinal]?.Memory.Statistics ?? default;
    }

    /// <summary>Closes the devices. Nothing may be under way on them.</summary>
    public ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (isDisposed) return ValueTask.CompletedTask;
            isDisposed = true;
            foreach (var session in sessions) session?.Dispose();
            context.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    internal DeviceSession Session(int ordinal)
    {
        RequireDevice(ordinal);
        if (sessions[ordinal] is { } open) return open;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            try { return sessions[ordinal] ??= new(context.Context!, context.Devices[ordinal], $"{Kind}:{ordinal}", settings); }
            catch (Exception e) when (e is not LazyHostException)
            {
                throw new DeviceGoneException($"{Kind}:{ordinal} ({context.Devices[ordinal].Name}) cannot be opened: {e.GetBaseException().Message}", e);
            }
        }
    }

    private IlgpuExecutable Compile(LoweringContext context, CancellationToken cancellationToken)
    {
        var session = Session(context.Device.Ordinal);
        session.RequirePresent();
        var program = ProgramLowering.Lower(context.Graph, context.Options, session.Attention.Takes, cancellationToken);
        return session.Use((program, cancellationToken), static (s, lowered) => new IlgpuExecutable(lowered.program, s, lowered.cancellationToken));
    }

    private static ValueTask Copy(long bytes, Action copy)
    {
        if (bytes > CopyOnCaller) return new(Task.Run(copy));
        copy();
        return ValueTask.CompletedTask;
    }

    private bool Takes(TensorType type) => !type.Shape.IsSymbolic && (type.DType != DType.Float64 || context.Devices.All(HasDouble));

    private static bool HasDouble(Device device) => device is not CLDevice cl || cl.Capabilities.Float64;

    private (DeviceSession Session, ILGPU.ArrayView<byte> View) Own(IDeviceBuffer buffer, long byteSize)
    {
        if (buffer is not DeviceBuffer own || Array.Find(sessions, s => s?.Memory == own.Owner) is not { } session)
            throw new TransferException($"a buffer of type {buffer?.GetType().Name} is not of this backend");
        if (byteSize > own.ByteSize) throw new TransferException($"{byteSize} bytes were asked of a buffer of {own.ByteSize}");
        return (session, own.View.SubView(0, byteSize));
    }

    private string? CublasName => Kind == "cuda" && settings.Cublas ? CublasLibrary.Description : null;

    private DeviceDescription Describe(Device device)
    {
        var details = new Dictionary<string, string>();
        if (device is CudaDevice cuda)
        {
            details["Architecture"] = $"sm_{cuda.Architecture?.Major}{cuda.Architecture?.Minor}";
            details["Driver"] = cuda.DriverVersion.ToString();
            details["cuBLAS"] = settings.Cublas ? CublasLibrary.Description : "not used: a setting says so";
        }
        else if (device is CLDevice cl)
        {
            details["Platform"] = cl.PlatformName;
            if (!cl.Capabilities.Float64) details["f64"] = "none";
        }
        details["Multiprocessors"] = device.NumMultiprocessors.ToString(CultureInfo.InvariantCulture);
        return new(device.Name, device.MemorySize, details);
    }

    private void RequireDevice(int ordinal)
    {
        if ((uint)ordinal < (uint)sessions.Length) return;
        throw new UnknownDeviceException($"there is no device {Kind}:{ordinal}; {(sessions.Length == 0 ? string.Join("; ", Notes) : $"there are {Kind}:0 to {Kind}:{sessions.Length - 1}")}");
    }
}
