namespace LazyHost;

public partial class Tensor
{
    /// <summary>Computes the value if need be and copies it to the host, row by row.</summary>
    /// <exception cref="DTypeMismatchException">The elements are not of type <typeparamref name="T"/>.</exception>
    /// <exception cref="ExecutionException">The run that computes it failed; every reader gets the same error.</exception>
    /// <exception cref="ExpiredValueException">It was not kept and can no longer be computed.</exception>
    public Task<T[]> ToArrayAsync<T>(CancellationToken cancellationToken = default) where T : unmanaged
    {
        RequireType<T>();
        var data = Read(cancellationToken);
        return FetchAsync(data, cancellationToken);

        static async Task<T[]> FetchAsync(DeviceData data, CancellationToken cancellationToken)
        {
            await ReadyAsync(data, cancellationToken).ConfigureAwait(false);
            var elements = new T[data.Type.Shape.ElementCount];
            await Transfer.DownloadAsync(data, new CastMemory<T>(elements).Memory, cancellationToken).ConfigureAwait(false);
            return elements;
        }
    }

    /// <summary>Computes the value if need be and copies its packed bytes to the host.</summary>
    /// <exception cref="ExecutionException">The run that computes it failed.</exception>
    /// <exception cref="ExpiredValueException">It was not kept and can no longer be computed.</exception>
    public Task<byte[]> ToBytesAsync(CancellationToken cancellationToken = default)
    {
        var data = Read(cancellationToken);
        return FetchAsync(data, cancellationToken);

        static async Task<byte[]> FetchAsync(DeviceData data, CancellationToken cancellationToken)
        {
            await ReadyAsync(data, cancellationToken).ConfigureAwait(false);
            var bytes = new byte[data.Type.ByteSize];
            await Transfer.DownloadAsync(data, bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
    }

    /// <summary><see cref="ToArrayAsync"/>, waiting for it.</summary>
    public T[] ToArray<T>() where T : unmanaged
    {
        RequireType<T>();
        var data = Read(CancellationToken.None);
        data.Producer?.Wait();
        var elements = new T[data.Type.Shape.ElementCount];
        var copy = Transfer.DownloadAsync(data, new CastMemory<T>(elements).Memory, CancellationToken.None);
        if (!copy.IsCompletedSuccessfully) copy.AsTask().GetAwaiter().GetResult();
        return elements;
    }

    /// <summary>The only element, waiting for it.</summary>
    /// <exception cref="ShapeMismatchException">There is more than one element, or none.</exception>
    public T Item<T>() where T : unmanaged
    {
        RequireSingle();
        return ToArray<T>()[0];
    }

    /// <summary>The only element of an f32 tensor, waiting for it.</summary>
    public float Item() => Item<float>();

    /// <summary>The only element.</summary>
    /// <exception cref="ShapeMismatchException">There is more than one element, or none.</exception>
    public Task<T> ItemAsync<T>(CancellationToken cancellationToken = default) where T : unmanaged
    {
        RequireSingle();
        return First(ToArrayAsync<T>(cancellationToken));

        static async Task<T> First(Task<T[]> elements) => (await elements.ConfigureAwait(false))[0];
    }

    /// <summary>Makes sure the value is handed to the device, and waits until it is computed.</summary>
    public Task WaitAsync(CancellationToken cancellationToken = default) => ReadyAsync(Read(cancellationToken), cancellationToken).AsTask();

    /// <summary>A copy of the value on another device, or this tensor where it lies there already. Ends the calling flow's segment.</summary>
    public Task<Tensor> ToAsync(Device device, CancellationToken cancellationToken = default)
    {
        if (device == Device) return Task.FromResult(this);
        return Move(ToBytesAsync(cancellationToken), Type, device);

        static async Task<Tensor> Move(Task<byte[]> bytes, TensorType type, Device device) => FromBytes(type, await bytes.ConfigureAwait(false), device);
    }

    private DeviceData Read(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var data = Device.Engine.Executor.Resolve(this, cancellationToken);
        Device.Engine.ReleaseFlow();
        if (data.Producer is null) data.RequirePresent();
        return data;
    }

    private static async ValueTask ReadyAsync(DeviceData data, CancellationToken cancellationToken)
    {
        if (data.Producer is { } run) await run.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void RequireType<T>() where T : unmanaged
    {
        if (DTypes.Of<T>() != DType) throw new DTypeMismatchException($"{Type} cannot be read as {typeof(T).Name}; convert it with To(DType.{DTypes.Of<T>()}) first, or read it as {DType.Name()}");
    }

    private void RequireSingle()
    {
        if (Shape.ElementCount != 1) throw new ShapeMismatchException($"Item of {Type}, which has {Shape.ElementCount} elements; it needs exactly one");
    }
}
