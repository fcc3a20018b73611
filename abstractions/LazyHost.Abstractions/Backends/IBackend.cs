namespace LazyHost.Backends;

/// <summary>
/// What a backend does for the host. Members may be called from many threads at once. Exceptions may be of any type: the host turns them into its own.
/// Buffers and executables are the backend's payloads; the host keeps them inside objects of its own, clears those before it disposes the backend, and
/// gives back only what this backend made. It may be disposed more than once: by the host, and by the plugin's container.
/// </summary>
public interface IBackend : IAsyncDisposable
{
    /// <summary>The kind of device it offers: the part of <see cref="DeviceId"/> before the colon.</summary>
    string Kind { get; }

    /// <summary>Everything about devices and options that changes the code it makes (vector width, instruction sets, numerics). Part of every key.</summary>
    string Fingerprint { get; }

    /// <summary>The devices found, by ordinal. Probed once, when the backend is made.</summary>
    IReadOnlyList<DeviceDescription> Devices { get; }

    /// <summary>What people should be told of the devices it looked for: why there are none, or what one lacks. A line each.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>Says, before anything is compiled, how it would run an operator or primitive.</summary>
    Capability Query(in OperatorQuery query);

    /// <summary>Reserves device memory: uninitialized, at least 64-byte aligned.</summary>
    /// <exception cref="DeviceMemoryException">There is not enough.</exception>
    IDeviceBuffer Allocate(int ordinal, long byteSize);

    /// <summary>Copies packed elements from the host. The source is not used after the task completes.</summary>
    ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken);

    /// <summary>Copies packed elements to the host.</summary>
    ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Copies between two buffers of this backend, which may lie on different devices of it.</summary>
    ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken);

    /// <summary>Compiles a graph in which every node is a primitive or an operator it takes whole. Observes cancellation between kernels at the latest.</summary>
    ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken);

    /// <summary>The same from code that is there already, for graphs of other sizes for instance: null where code would have to be made. The host asks where nothing
    /// more may be compiled. A backend that makes code for each program leaves it out.</summary>
    ValueTask<IExecutable?> AssembleAsync(LoweringContext context, CancellationToken cancellationToken) => ValueTask.FromResult<IExecutable?>(null);

    /// <summary>Runs a program. The task completes when the results are in the outputs: when the device is done, not when it was told.</summary>
    ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken);

    /// <summary>The memory in use on a device.</summary>
    MemoryStatistics GetMemoryStatistics(int ordinal);
}
