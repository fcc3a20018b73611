namespace LazyHost;

/// <summary>Small runs that only compute results, of inputs that are there: on the caller's thread, beside other runs of the device, since nothing they touch changes.</summary>
internal static class QuickReplay
{
    /// <summary>False where the run has to go the long way; then nothing has changed.</summary>
    public static bool TryRun(CapturedProgram program, ReplayFrame frame, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs, ReadOnlySpan<double> numbers)
    {
        var computation = program.Computation;
        if (!program.IsPure || computation.EstimatedOperations > DeviceQueue.InlineOperations || !computation.TryUse()) return false;
        string? failure = null;
        try
        {
            for (var i = 0; i < program.Inputs.Length; i++)
                if (!frame.TryBind(i, program.Inputs[i] ?? inputs[program.ArgumentOf[i]])) return false;
            for (var i = 0; i < program.ResultCount; i++) BindResult(program, frame, i, outputs);
            if (frame.Workspace is null && computation.WorkspaceBytes > 0)
                frame.Workspace = program.Device.Memory.Allocate(new(DType.UInt8, Shape.Create([computation.WorkspaceBytes])), computation.WorkspaceBytes);
            frame.Arguments.Workspace = frame.Workspace?.Buffer;
            program.WriteNumbers(frame.Arguments.Scalars, numbers);
            failure = program.LossReason;
            Call(program, frame);
            for (var i = 0; i < program.ResultCount; i++) Deliver(program, frame, i, outputs);
            failure = null;
            program.Device.Engine.Metrics.CapturedRuns.Add(1, program.Device);
            return true;
        }
        finally
        {
            // Results that were delivered are no longer here.
            foreach (var buffer in frame.Fresh) buffer?.Release();
            foreach (var claimed in frame.Claimed) claimed?.EndClaim(failure);
            frame.Clear();
            computation.Unuse();
        }
    }

    private static void BindResult(CapturedProgram program, ReplayFrame frame, int index, ReadOnlySpan<Tensor> outputs)
    {
        var type = program.OutputTypes[index];
        var memory = program.Device.Memory;
        if (outputs.Length > 0 && outputs[index].Where().Data is { } data && data.TryClaim())
        {
            frame.Claimed[index] = data;
            frame.Arguments.Outputs[index] = data.Handle!.Buffer;
            return;
        }
        var buffer = frame.Fresh[index] = outputs.Length == 0 && type.ByteSize <= DeviceData.ManagedLimit ? memory.RentSmall(type) : memory.Allocate(type, Math.Max(1, type.ByteSize));
        frame.Arguments.Outputs[index] = buffer.Buffer;
    }

    private static void Call(CapturedProgram program, ReplayFrame frame)
    {
        var device = program.Device;
        using var traced = Instrumentation.Start("execute", device);
        traced.Activity?.SetTag("captured", program.Function.Name).SetTag("kernels", program.Computation.KernelCount);
        try
        {
            var task = device.Host.Backend.ExecuteAsync(program.Computation.Executable, frame.Arguments, CancellationToken.None);
            if (!task.IsCompletedSuccessfully) task.AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            throw Failed(program, e);
        }
    }

    private static void Deliver(CapturedProgram program, ReplayFrame frame, int index, ReadOnlySpan<Tensor> outputs)
    {
        var type = program.OutputTypes[index];
        if (frame.Claimed[index] is { } claimed)
        {
            outputs[index].Rewritten();
            frame.Results[index] = claimed;
            return;
        }
        var buffer = frame.Fresh[index]!;
        if (buffer.SmallClass >= 0)
        {
            frame.Results[index] = DeviceData.FromManaged(program.Device, type, Download(program, buffer, type));
            return; // the buffer goes back
        }
        frame.Fresh[index] = null;
        var data = frame.Results[index] = DeviceData.FromBuffer(program.Device, type, buffer);
        if (outputs.Length > 0)
        {
            data.IsOverwritable = true;
            outputs[index].Reset(data);
        }
        else program.Device.Engine.CurrentTape(program.Device)?.Scope?.Track(data);
    }

    private static byte[] Download(CapturedProgram program, BufferHandle buffer, TensorType type)
    {
        var bytes = new byte[type.ByteSize];
        if (bytes.Length == 0) return bytes;
        try
        {
            var copy = program.Device.Host.Backend.CopyToHostAsync(buffer.Buffer, bytes, CancellationToken.None);
            if (!copy.IsCompletedSuccessfully) copy.AsTask().GetAwaiter().GetResult();
            return bytes;
        }
        catch (Exception e) { throw Failed(program, e); }
    }

    private static Exception Failed(CapturedProgram program, Exception e)
    {
        var error = BackendHost.Translate(e, message => new ExecutionException($"a run of captured function '{program.Function.Name}' on {program.Device.Id} (backend '{program.Device.PluginId}') failed: {message}")) as LazyHostException
            ?? new ExecutionException($"a run of captured function '{program.Function.Name}' on {program.Device.Id} was cancelled by its backend");
        return error.At(null, program.Function.Site);
    }
}
