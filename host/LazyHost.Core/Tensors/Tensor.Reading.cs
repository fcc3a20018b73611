using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Computes the value if need be and copies it to the host, row by row.</summary>
    /// <exception cref="DTypeMismatchException">The elements are not of type <typeparamref name="T"/>.</exception>
    /// <exception cref="ExecutionException">The run that computes it failed; every reader gets the same error.</exception>
    /// <exception cref="ExpiredValueException">It was not kept and can no longer be computed.</exception>
    public Task<T[]> ToArrayAsync<T>(CancellationToken cancellationToken = default, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) where T : unmanaged
    {
        RequireType<T>(file, line);
        var (data, isEntered) = ReadHeld(cancellationToken, file, line);
        return FetchAsync(data, isEntered, cancellationToken);

        static async Task<T[]> FetchAsync(DeviceData data, bool isEntered, CancellationToken cancellationToken)
        {
            try
            {
                await ReadyAsync(data, cancellationToken).ConfigureAwait(false);
                var elements = new T[data.Type.Shape.ElementCount];
                await Transfer.DownloadAsync(data, new CastMemory<T>(elements).Memory, isEntered, cancellationToken).ConfigureAwait(false);
                return elements;
            }
            finally { LetGo(data, isEntered); }
        }
    }

    /// <summary>Computes the value if need be and copies its packed bytes to the host.</summary>
    /// <exception cref="ExecutionException">The run that computes it failed.</exception>
    /// <exception cref="ExpiredValueException">It was not kept and can no longer be computed.</exception>
    public Task<byte[]> ToBytesAsync(CancellationToken cancellationToken = default, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var (data, isEntered) = ReadHeld(cancellationToken, file, line);
        return FetchAsync(data, isEntered, cancellationToken);

        static async Task<byte[]> FetchAsync(DeviceData data, bool isEntered, CancellationToken cancellationToken)
        {
            try
            {
                await ReadyAsync(data, cancellationToken).ConfigureAwait(false);
                var bytes = new byte[data.Type.ByteSize];
                await Transfer.DownloadAsync(data, bytes, isEntered, cancellationToken).ConfigureAwait(false);
                return bytes;
            }
            finally { LetGo(data, isEntered); }
        }
    }

    /// <summary><see cref="ToArrayAsync"/>, waiting for it.</summary>
    public T[] ToArray<T>([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) where T : unmanaged
    {
        RequireType<T>(file, line);
        var (data, isEntered) = ReadHeld(CancellationToken.None, file, line);
        try
        {
            data.Producer?.Wait();
            var elements = new T[data.Type.Shape.ElementCount];
            var copy = Transfer.DownloadAsync(data, new CastMemory<T>(elements).Memory, isEntered, CancellationToken.None);
            if (!copy.IsCompletedSuccessfully) copy.AsTask().GetAwaiter().GetResult();
            return elements;
        }
        finally { LetGo(data, isEntered); }
    }

    /// <summary>The only element, waiting for it.</summary>
    /// <exception cref="ShapeMismatchException">There is more than one element, or none.</exception>
    public T Item<T>([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) where T : unmanaged
    {
        RequireSingle(file, line);
        return ToArray<T>(file, line)[0];
    }

    /// <summary>The only element of an f32 tensor, waiting for it.</summary>
    public float Item([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Item<float>(file, line);

    /// <summary>The only element.</summary>
    /// <exception cref="ShapeMismatchException">There is more than one element, or none.</exception>
    public Task<T> ItemAsync<T>(CancellationToken cancellationToken = default, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) where T : unmanaged
    {
        RequireSingle(file, line);
        return First(ToArrayAsync<T>(cancellationToken, file, line));

        static async Task<T> First(Task<T[]> elements) => (await elements.ConfigureAwait(false))[0];
    }

    /// <summary>Makes sure the value is handed to the device, and waits until it is computed.</summary>
    public Task WaitAsync(CancellationToken cancellationToken = default, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        ReadyAsync(Read(cancellationToken, file, line), cancellationToken).AsTask();

    /// <summary>The values of several tensors of one element type, computed together: in one segment where one has recorded them all.</summary>
    /// <exception cref="DTypeMismatchException">The elements of one are not of type <typeparamref name="T"/>; nothing was computed.</exception>
    /// <exception cref="ExecutionException">A run that computes one failed.</exception>
    /// <exception cref="ExpiredValueException">One was not kept and can no longer be computed.</exception>
    public static Task<T[][]> ToArraysAsync<T>(IReadOnlyList<Tensor> tensors, CancellationToken cancellationToken = default) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var tensor in tensors) tensor.RequireType<T>(null, 0);
        foreach (var tensor in tensors) tensor.RequireAllowed(null, 0);
        if (tensors.Count == 0) return Task.FromResult(Array.Empty<T[]>());
        tensors[0].Device.Engine.Executor.SyncTensors(tensors, cancellationToken);
        return Task.WhenAll(tensors.Select(t => t.ToArrayAsync<T>(cancellationToken)));
    }

    /// <summary>A copy of the value on another device, or this tensor where it lies there already. Ends the calling flow's segment; does not wait: the copy is
    /// part of the other device's queue.</summary>
    /// <exception cref="GradientException">It requires a gradient: gradients do not flow between devices; use Detach() first.</exception>
    /// <exception cref="DeviceMemoryException">The other device has no room.</exception>
    public Tensor To(Device device, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device == Device) return this;
        if (RequiresGrad && GradMode.IsEnabled) throw new GradientException($"{Type} on {Device.Id} requires a gradient, which cannot flow back from {device.Id}: use Detach() before To(device)");
        var data = Read(cancellationToken);
        return new(Type, Device.Engine.Executor.CopyTo(data, device, cancellationToken));
    }

    /// <summary><see cref="To(Device, CancellationToken)"/>, waiting for the copy.</summary>
    public async Task<Tensor> ToAsync(Device device, CancellationToken cancellationToken = default)
    {
        var moved = To(device, cancellationToken);
        await moved.WaitAsync(cancellationToken).ConfigureAwait(false);
        return moved;
    }

    /// <summary>The value, handed to the device. Reading a value that is only recorded follows the flow's policy.</summary>
    private DeviceData Read(CancellationToken cancellationToken, string? file = null, int line = 0)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var engine = Device.Engine;
        RequireAllowed(file, line);
        try
        {
            var data = engine.Executor.Resolve(this, cancellationToken, CloseReason.Read, file is null ? null : new CallSite(file, line));
            engine.ReleaseFlow();
            if (data.Producer is null) data = Settled(data);
            if (data.Producer is null) data.RequirePresent();
            return data;
        }
        catch (ExpiredValueException e)
        {
            e.At(null, SourceFrames.Site(file, line));
            throw;
        }
    }

    /// <summary>The value, handed to the device and held: where a captured function updates the variable in place just now, the newer one.</summary>
    private (DeviceData Data, bool IsEntered) ReadHeld(CancellationToken cancellationToken, string? file, int line)
    {
        while (true)
        {
            var data = Read(cancellationToken, file, line);
            var isEntered = Hold(data, out var isHeld);
            if (isHeld || Settled(data) == data) return (data, isEntered);
            LetGo(data, isEntered);
        }
    }

    /// <summary>A value of this tensor, or where a captured function updates that in place just now, the newer one, once there is one.</summary>
    internal DeviceData Settled(DeviceData data)
    {
        var start = Stopwatch.GetTimestamp();
        var wait = new SpinWait();
        while (data.IsGone)
        {
            if (Submitted is { } now && now != data) data = now;
            else if (data.IsDonated && Stopwatch.GetElapsedTime(start).TotalSeconds < 1) wait.SpinOnce();
            else break;
        }
        return data;
    }

    /// <summary>From here on no step that ends takes the value away, and a backend that is removed waits for the whole read, not for the run alone. False where the
    /// backend is going already: then what is in managed memory can still be read.</summary>
    private static bool Hold(DeviceData data, out bool isHeld)
    {
        isHeld = data.Pin() || data.Managed is not null;
        return data.Managed is null && data.Device.Host.TryEnter();
    }

    private static void LetGo(DeviceData data, bool isEntered)
    {
        data.Unpin();
        if (isEntered) data.Device.Host.Leave();
    }

    private void RequireAllowed(string? file, int line)
    {
        if (IsSubmitted || Device.Engine.CurrentFlow is not { } flow) return;
        CallSite? site = file is null ? null : new(file, line);
        if (flow.InRegion) throw new StepException($"a read of {Type}, which is only recorded, inside a compiled region: it would cut the region in two. Return it from the region and read it after").At(null, site);
        if (flow.Policy == SyncPolicy.Throw) throw new StepException($"a read of {Type}, which is only recorded, where the sync policy forbids it").At(null, site);
        if (flow.Policy == SyncPolicy.Warn) LazyHost.Log.SyncWarning(Device.Engine.Logger, Type.ToString(), site?.ToString() ?? "an unknown place");
    }

    private static async ValueTask ReadyAsync(DeviceData data, CancellationToken cancellationToken)
    {
        if (data.Producer is { } run) await run.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void RequireType<T>(string? file, int line) where T : unmanaged
    {
        if (DTypes.Of<T>() != DType)
            throw new DTypeMismatchException($"{Type} cannot be read as {typeof(T).Name}; convert it with To(DType.{DTypes.Of<T>()}) first, or read it as {DType.Name()}").At(null, SourceFrames.Site(file, line));
    }

    private void RequireSingle(string? file, int line)
    {
        if (Shape.ElementCount != 1) throw new ShapeMismatchException($"Item of {Type}, which has {Shape.ElementCount} elements; it needs exactly one").At(null, SourceFrames.Site(file, line));
    }
}
