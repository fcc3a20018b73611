using LazyHost.Lowering.Lanes;
using System.Globalization;
using System.Runtime.Intrinsics;
using LazyHost.Backends.Simd.Calls;
using LazyHost.Backends.Simd.Emission;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Memory;
using LazyHost.Backends.Simd.Products;
using LazyHost.Backends.Simd.Threading;
using LazyHost.IR;
using LazyHost.Lowering;
using LazyHost.Lowering.Kernels;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd;

/// <summary>
/// The CPU backend: one device, <c>simd:0</c>. Kernels become IL, which RyuJIT compiles for the vector width of the machine; a run uses its caller's thread and
/// the backend's own threads, and is complete when <see cref="ExecuteAsync"/> returns. Runs may overlap.
/// </summary>
public sealed class SimdBackend : IBackend
{
    private static readonly ReductionLimits Cuts = new(64, 1 << 15, 1 << 14, 1 << 14, kernel => KernelShape.Walk(kernel) == KernelWalk.Column);

    private readonly NativePool pool;
    private readonly WorkerPool workers;
    private readonly KernelCache kernels;
    private readonly ProductCompiler products;
    private readonly CallCompiler calls;
    private readonly bool anySize;

    /// <summary>Makes the backend and starts its threads.</summary>
    /// <exception cref="ConfigurationException">A setting cannot be taken.</exception>
    public SimdBackend(SimdSettings settings)
    {
        settings.Check();
        VectorWidth = Math.Min(settings.MaxVectorWidth, HardwareWidth());
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        pool = new(memory);
        workers = new(settings.Threads == 0 ? Environment.ProcessorCount : settings.Threads);
        kernels = new(new(VectorWidth));
        anySize = settings.AnySize;
        var (singles, doubles) = (new TileSet(LaneType.F32, VectorWidth), new TileSet(LaneType.F64, VectorWidth));
        products = new(singles, doubles);
        calls = new(singles, doubles);
        Fingerprint = string.Create(CultureInfo.InvariantCulture, $"simd/1 width={VectorWidth} fma={System.Runtime.Intrinsics.X86.Fma.IsSupported}");
        Devices = [new("CPU", memory, new Dictionary<string, string>
        {
            ["Threads"] = workers.Threads.ToString(CultureInfo.InvariantCulture),
            ["Vector width"] = VectorWidth == 0 ? "scalar" : string.Create(CultureInfo.InvariantCulture, $"{VectorWidth} bits"),
        })];
    }

    /// <inheritdoc/>
    public string Kind => "simd";

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> Devices { get; }

    /// <summary>The width of its vectors in bits; 0 for scalar code.</summary>
    public int VectorWidth { get; }

    /// <summary>Whole for every primitive but custom calls, in the element types its form allows and with fixed sizes, and for operators whose form has code for it;
    /// Decompose for every other operator.</summary>
    public Capability Query(in OperatorQuery query)
    {
        foreach (var type in query.Operands) if (type.Shape.IsSymbolic) return Capability.No;
        foreach (var type in query.Outputs) if (type.Shape.IsSymbolic) return Capability.No;
        if (query.Form == InputForms.Parameter || query.Form == InputForms.Scalar) return Capability.Whole;
        if (query.Form is not Primitive primitive) return query.Form is IHostKernel kernel && HostKernelCall.Fits(query) && kernel.Supports(Kind, query) ? Capability.Whole : Capability.Decompose;
        var isAllowed = query.Operands.IsEmpty || primitive.DTypes.Contains(query.Operands[0].DType);
        return isAllowed && primitive.Kind != PrimitiveKind.CustomCall ? Capability.Whole : Capability.No;
    }

    /// <inheritdoc/>
    public IDeviceBuffer Allocate(int ordinal, long byteSize)
    {
        RequireDevice(ordinal);
        return pool.Rent(byteSize);
    }

    /// <inheritdoc/>
    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        source.Span.CopyTo(Own(destination).Span(source.Length));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Own(source).Span(destination.Length).CopyTo(destination.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public unsafe ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (byteSize > source.ByteSize) throw new TransferException($"{byteSize} bytes were asked of a buffer of {source.ByteSize}");
        Buffer.MemoryCopy(Own(source).Pointer, Own(destination).Pointer, destination.ByteSize, byteSize);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="UnsupportedOperatorException">A node is neither an input nor a primitive it can run.</exception>
    public ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        RequireDevice(context.Device.Ordinal);
        return ValueTask.FromResult<IExecutable>(Compile(context, new(mayMake: true, anySize || context.Options.AnySize), cancellationToken)!);
    }

    /// <inheritdoc/>
    /// <exception cref="UnsupportedOperatorException">A node is neither an input nor a primitive it can run.</exception>
    public ValueTask<IExecutable?> AssembleAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        RequireDevice(context.Device.Ordinal);
        return ValueTask.FromResult<IExecutable?>(Compile(context, new(mayMake: false, anySize: false), cancellationToken));
    }

    /// <summary>Compiles a program that was lowered before.</summary>
    /// <exception cref="UnsupportedOperatorException">A step is of a kind it cannot run.</exception>
    public IExecutable Compile(KernelProgram program, CancellationToken cancellationToken = default) => Compile(program, new CodeRequest(mayMake: true, anySize), cancellationToken)!;

    private SimdExecutable? Compile(LoweringContext context, CodeRequest request, CancellationToken cancellationToken) =>
        Compile(ProgramLowering.Lower(context.Graph, context.Options, cancellationToken), request, cancellationToken);

    private SimdExecutable? Compile(KernelProgram program, CodeRequest request, CancellationToken cancellationToken)
    {
        program = ReductionSplitter.Run(program, Cuts);
        var steps = new List<CompiledStep>(program.Steps.Count);
        foreach (var step in program.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CompiledStep? compiled = step switch
            {
                KernelStep kernel => Compile(kernel.Kernel, request),
                DotStep dot => products.Compile(dot, program.Buffers),
                PrimitiveStep call => calls.Compile(call, program.Buffers),
                OperatorStep call => CallCompiler.Compile(call, program.Buffers),
                _ => throw new UnsupportedOperatorException($"the SIMD backend does not know steps of type {step.GetType().Name}"),
            };
            if (compiled is null) return null;
            steps.Add(compiled);
        }
        return new(program, [.. steps], pool, request.Made);
    }

    /// <inheritdoc/>
    /// <exception cref="ExecutionException">The arguments do not fit the program.</exception>
    public ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        RequireDevice(arguments.Ordinal);
        if (executable is not SimdExecutable program) throw new ExecutionException($"{executable.GetType().Name} was not compiled by the SIMD backend");
        program.Run(arguments, pool, workers, cancellationToken);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public MemoryStatistics GetMemoryStatistics(int ordinal)
    {
        RequireDevice(ordinal);
        return pool.Statistics;
    }

    /// <summary>Ends the threads and frees pooled memory; buffers still out are freed when they are given back.</summary>
    public ValueTask DisposeAsync()
    {
        workers.Dispose();
        kernels.Clear();
        pool.Dispose();
        return ValueTask.CompletedTask;
    }

    private KernelRun? Compile(Kernel kernel, CodeRequest request)
    {
        var buffers = kernel.Accesses.Select(a => a.Buffer).Distinct().ToList();
        var own = KernelShape.Normalize(kernel with { Accesses = [.. kernel.Accesses.Select(a => a with { Buffer = buffers.IndexOf(a.Buffer) })] });
        return kernels.Get(own, request) is { } code ? new(code, own, [.. buffers]) : null;
    }

    private static int HardwareWidth() => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    private static NativeBuffer Own(IDeviceBuffer buffer) => buffer as NativeBuffer ?? throw new TransferException($"a buffer of type {buffer.GetType().Name} is not of the SIMD backend");

    private static void RequireDevice(int ordinal)
    {
        if (ordinal != 0) throw new UnknownDeviceException($"there is no device simd:{ordinal}; the SIMD backend has simd:0 alone");
    }
}
