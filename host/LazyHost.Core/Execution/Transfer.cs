using System.Diagnostics;

namespace LazyHost;

/// <summary>Copies between host and devices, with the backend's errors made the host's.</summary>
internal static class Transfer
{
    /// <summary>A device value with these bytes.</summary>
    /// <exception cref="DeviceMemoryException">There is no room.</exception>
    /// <exception cref="TransferException">The copy failed.</exception>
    /// <exception cref="DeviceGoneException">The device's backend has been removed.</exception>
    public static DeviceData Upload(Device device, TensorType type, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken, bool mayCollect = true)
    {
        device.Host.Enter();
        try { return UploadEntered(device, type, bytes, mayCollect, cancellationToken); }
        finally { device.Host.Leave(); }
    }

    private static DeviceData UploadEntered(Device device, TensorType type, ReadOnlyMemory<byte> bytes, bool mayCollect, CancellationToken cancellationToken)
    {
        using var traced = Instrumentation.Start("transfer", device);
        traced.Activity?.SetTag("to", device.Id.ToString()).SetTag("bytes", bytes.Length);
        var start = Stopwatch.GetTimestamp();
        var buffer = device.Memory.Allocate(type, Math.Max(1, bytes.Length), mayCollect: mayCollect);
        try
        {
            var copy = device.Host.Backend.CopyFromHostAsync(bytes, buffer.Buffer, cancellationToken);
            if (!copy.IsCompletedSuccessfully) copy.AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            buffer.Release();
            throw BackendHost.Translate(e, message => new TransferException($"copying {bytes.Length} bytes to {device.Id} failed: {message}"));
        }
        var metrics = device.Engine.Metrics;
        metrics.TransferToDeviceTime.RecordTime(start, Stopwatch.GetTimestamp(), device);
        metrics.OutboundBytes.Add(bytes.Length, device);
        metrics.SyncTensorsToData.Add(1, device);
        return DeviceData.FromBuffer(device, type, buffer);
    }

    /// <summary>Copies a completed value to the host.</summary>
    /// <param name="data">The value.</param>
    /// <param name="destination">As many bytes as it has.</param>
    /// <param name="isEntered">True where the caller has entered the backend.</param>
    /// <param name="cancellationToken">Cancels the copy.</param>
    /// <exception cref="TransferException">The copy failed.</exception>
    /// <exception cref="DeviceGoneException">The device's backend has been removed.</exception>
    public static async ValueTask DownloadAsync(DeviceData data, Memory<byte> destination, bool isEntered, CancellationToken cancellationToken)
    {
        var (pinned, entered) = (data.Pin(), false);
        try
        {
            if (data.Managed is { } bytes)
            {
                bytes.CopyTo(destination);
                return;
            }
            if (!pinned) data.RequirePresent();
            if (destination.Length == 0) return;
            if (!isEntered) data.Device.Host.Enter();
            entered = !isEntered;
            using var traced = Instrumentation.Start("transfer", data.Device);
            traced.Activity?.SetTag("to", "host").SetTag("bytes", destination.Length);
            var start = Stopwatch.GetTimestamp();
            await data.Device.Host.Backend.CopyToHostAsync(data.Handle!.Buffer, destination, cancellationToken).ConfigureAwait(false);
            var metrics = data.Device.Engine.Metrics;
            metrics.TransferFromDeviceTime.RecordTime(start, Stopwatch.GetTimestamp(), data.Device);
            metrics.InboundBytes.Add(destination.Length, data.Device);
        }
        catch (Exception e) when (e is not ExpiredValueException)
        {
            throw BackendHost.Translate(e, message => new TransferException($"copying {destination.Length} bytes from {data.Device.Id} failed: {message}"));
        }
        finally
        {
            data.Unpin();
            if (entered) data.Device.Host.Leave();
        }
    }

    /// <summary>Copies a completed value to the buffer of another device: within one backend as it can, else through the host.</summary>
    public static void Copy(DeviceData from, DeviceData to)
    {
        var size = from.Type.ByteSize;
        if (size == 0) return;
        var host = to.Device.Host;
        if (from.Managed is null && from.Device.Host == host)
        {
            Wait(host.Backend.CopyAsync(from.Handle!.Buffer, to.Handle!.Buffer, size, CancellationToken.None));
            return;
        }
        var bytes = from.Managed ?? new byte[size];
        if (from.Managed is null) Wait(from.Device.Host.Backend.CopyToHostAsync(from.Handle!.Buffer, bytes, CancellationToken.None));
        Wait(host.Backend.CopyFromHostAsync(bytes, to.Handle!.Buffer, CancellationToken.None));
        from.Device.Engine.Metrics.InboundBytes.Add(size);
        to.Device.Engine.Metrics.OutboundBytes.Add(size);
    }

    private static void Wait(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully) task.AsTask().GetAwaiter().GetResult();
    }
}
