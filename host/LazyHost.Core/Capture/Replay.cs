namespace LazyHost;

/// <summary>Runs of captured functions in general: inputs computed first where need be, a place in the device's queue, variables written as by any step.</summary>
internal static class Replay
{
    /// <exception cref="LazyHostException">It cannot be run; every tensor is as it was.</exception>
    public static void Run(CapturedProgram program, ReplayFrame frame, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs, ReadOnlySpan<double> numbers)
    {
        RequireApart(program, inputs);
        // One call after another sees what the one before it has written.
        var isEntered = false;
        try
        {
            if (!program.IsPure) Monitor.Enter(program.Function, ref isEntered);
            var run = Bind(program, inputs, outputs, numbers, out var inline);
            if (inline) HandOver(program, run, inputs, outputs, inline);
            else
                lock (program.Device.Queue.Order) HandOver(program, run, inputs, outputs, inline);
            run.Outputs.AsSpan(0, program.ResultCount).CopyTo(frame.Results);
            Assign(program, run, inputs);
        }
        finally
        {
            if (isEntered) Monitor.Exit(program.Function);
        }
        program.Device.Engine.Metrics.CapturedRuns.Add(1, program.Device);
        program.Device.Engine.ReleaseFlow();
    }

    private static Async Bind(CapturedProgram program, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs, ReadOnlySpan<double> numbers, out bool inline)
    {
        var device = program.Device;
        var computation = program.Computation;
        var variables = Written(program, inputs);
        var bound = new DeviceData?[program.Inputs.Length];
        var buffers = new BufferHandle?[program.OutputTypes.Length + 1];
        var (isEntered, isReserved) = (false, inline = false);
        List<(DeviceData From, DeviceData To)>? taken = null;
        try
        {
            for (var i = 0; i < bound.Length; i++) bound[i] = Pinned(device, program.Inputs[i] ?? inputs[program.ArgumentOf[i]]);
            if (!(isEntered = computation.TryUse())) device.Host.Enter(); // throws
            var donors = Donors(program, variables, bound!, inputs);
            for (var i = 0; i < program.OutputTypes.Length; i++)
            {
                if (donors?[i] is not null) continue;
                var type = program.OutputTypes[i];
                var isShortLived = i < program.ResultCount && outputs.Length == 0 && type.ByteSize <= DeviceData.ManagedLimit;
                RunBinder.WaitForRoom(device, type.ByteSize, CancellationToken.None);
                buffers[i] = isShortLived ? device.Memory.RentSmall(type) : device.Memory.Allocate(type, Math.Max(1, type.ByteSize));
            }
            if (computation.WorkspaceBytes > 0) buffers[^1] = device.Memory.Allocate(new(DType.UInt8, Shape.Create([computation.WorkspaceBytes])), computation.WorkspaceBytes);
            long[] scalars = [.. program.Scalars];
            program.WriteNumbers(scalars, numbers);
            inline = device.Queue.Reserve(computation, bound!, CancellationToken.None);
            isReserved = true;
            var run = new Async(device, computation, bound!, scalars, device.Engine.FlowTape(device).CurrentStep)
            {
                Workspace = buffers[^1],
                Trace = Instrumentation.Current,
                Operator = $"captured function '{program.Function.Name}'",
                CallSite = program.Function.Site,
                Variables = variables,
            };
            run.Outputs = new DeviceData[program.OutputTypes.Length];
            for (var i = 0; i < run.Outputs.Length; i++)
            {
                // What others have taken hold of meanwhile is left to them.
                var donated = donors?[i]?.TryDonate();
                buffers[i] ??= donated ?? device.Memory.Allocate(program.OutputTypes[i], Math.Max(1, program.OutputTypes[i].ByteSize));
                run.Outputs[i] = DeviceData.Placeholder(program.OutputTypes[i], buffers[i]!, run);
                if (donated is null) continue;
                buffers[i] = null; // not to be given back below
                (run.Donated ??= []).Add((donors![i]!, run.Outputs[i]));
                taken = run.Donated;
            }
            return run;
        }
        catch
        {
            foreach (var (from, to) in taken ?? []) from.TakeBack(to);
            if (isReserved) device.Queue.CancelReservation(inline);
            foreach (var buffer in buffers) buffer?.Release();
            foreach (var input in bound) input?.Unpin();
            if (isEntered) computation.Unuse();
            throw;
        }
    }

    /// <summary>By output: the earlier value of the variable it goes to, where the program may write over that and nobody else holds it. In a step scope, which may
    /// still be discarded, none.</summary>
    private static DeviceData?[]? Donors(CapturedProgram program, VariableUpdate[] variables, DeviceData[] bound, ReadOnlySpan<Tensor> inputs)
    {
        if (program.Computation.MayAlias.Length == 0 || program.Device.Engine.CurrentTape(program.Device)?.Scope is not null) return null;
        var donors = new DeviceData?[program.OutputTypes.Length];
        var update = 0;
        for (var i = 0; i < program.Targets.Length; i++)
        {
            if (program.Targets[i].Of(inputs) is null or TensorView) continue;
            var old = variables[update++].OldData;
            foreach (var pair in program.Computation.MayAlias)
                if (pair.Output == program.ResultCount + i && bound[pair.Input] == old && old.MayDonate) donors[pair.Output] = old;
        }
        return donors;
    }

    /// <summary>What a run writes beside its results, with the values of now. A view takes its new value by an assignment after the run.</summary>
    private static VariableUpdate[] Written(CapturedProgram program, ReadOnlySpan<Tensor> inputs)
    {
        if (program.IsPure) return [];
        var executor = program.Device.Engine.Executor;
        var updates = new List<VariableUpdate>();
        foreach (var target in program.Targets)
            if (target.Of(inputs) is { } tensor and not TensorView) updates.Add(new(tensor, executor.Resolve(tensor, CancellationToken.None)));
        return [.. updates];
    }

    private static DeviceData Pinned(Device device, Tensor tensor)
    {
        var data = device.Engine.Executor.Resolve(tensor, CancellationToken.None);
        var held = data.Pin();
        while (!held && data.Managed is null && tensor.Settled(data) is var settled && settled != data)
        {
            data.Unpin();
            data = settled;
            held = data.Pin();
        }
        try
        {
            if (data.Managed is not null && data.Handle is null)
            {
                var copy = device.DataCache.Copy(data, CancellationToken.None);
                data.Unpin();
                return copy;
            }
            if (!held) data.RequirePresent();
            return data;
        }
        catch
        {
            data.Unpin();
            throw;
        }
    }

    private static void HandOver(CapturedProgram program, Async run, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs, bool inline)
    {
        var tape = program.Device.Engine.FlowTape(program.Device);
        run.InScope = tape.Scope is not null;
        run.Step.Add(run);
        tape.Scope?.Track(run);
        var update = 0;
        for (var i = 0; i < program.Targets.Length; i++)
        {
            if (program.Targets[i].Of(inputs) is null or TensorView) continue;
            var (variable, old) = run.Variables[update++];
            var value = run.Outputs[program.ResultCount + i];
            value.Replaced = (variable, (DeviceData)old);
            variable.Reset(value);
        }
        for (var i = 0; i < outputs.Length; i++)
        {
            run.Outputs[i].IsOverwritable = true;
            outputs[i].Reset(run.Outputs[i]);
            tape.Scope?.Keep(outputs[i]); // the caller's tensor outlives the scope, as where the run is quick
        }
        program.Device.Queue.Submit(run, inline);
    }

    /// <summary>What is written by the caller's flow after the run: views, and gradients.</summary>
    private static void Assign(CapturedProgram program, Async run, ReadOnlySpan<Tensor> inputs)
    {
        for (var i = 0; i < program.Targets.Length; i++)
        {
            var value = run.Outputs[program.ResultCount + i];
            if (program.Targets[i].Of(inputs) is TensorView view) view.Assign(new Tensor(value.Type, value));
            else if (program.Targets[i] is { Gradient: { } parameter, Adds: var adds })
            {
                var fresh = new Tensor(value.Type, value);
                if (adds) parameter.Accumulate(fresh, null, 0);
                else parameter.Grad = fresh;
            }
        }
    }

    /// <exception cref="CaptureException">An argument is a tensor that the function reaches by itself, and one of the two is written: then the capture does not hold.</exception>
    private static void RequireApart(CapturedProgram program, ReadOnlySpan<Tensor> inputs)
    {
        foreach (var target in program.Targets)
        {
            if (target.Variable is { } variable)
                foreach (var input in inputs)
                    if (input.Root == variable) throw new CaptureException($"captured function '{program.Function.Name}' was given {input}, which it assigns to by itself; pass a Clone()");
            if (target.Argument >= 0) RequireApart(program, inputs, target.Argument);
        }
    }

    private static void RequireApart(CapturedProgram program, ReadOnlySpan<Tensor> inputs, int argument)
    {
        foreach (var reached in program.Inputs)
            if (reached == inputs[argument].Root) throw new CaptureException($"captured function '{program.Function.Name}' assigns to argument {argument}, which it also reaches by itself; pass a Clone()");
        for (var i = 0; i < inputs.Length; i++)
            if (program.Signature.Same[i] != program.Signature.Same[argument] && inputs[i].Root == inputs[argument].Root)
                throw new CaptureException($"captured function '{program.Function.Name}' assigns to argument {argument}, and argument {i} shows elements of the same tensor; pass a Clone()");
    }
}
