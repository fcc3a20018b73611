using System.Diagnostics;
using LazyHost.Backends;

namespace LazyHost;

/// <summary>Runs one program on the thread that holds its device, and settles what follows: values ready or failed, variables kept or put back.</summary>
internal static class RunExecutor
{
    public static void Execute(Async run)
    {
        var device = run.Device;
        var traced = Instrumentation.Start("execute", device, run.Trace);
        var start = Stopwatch.GetTimestamp();
        RunFailure? failure;
        try
        {
            failure = DependencyFailure(run);
            if (failure is null)
            {
                run.HasBegun = true;
                Call(run);
                Deliver(run);
            }
        }
        catch (Exception e)
        {
            var error = BackendHost.Translate(e, message => new ExecutionException($"a run of step {run.Step.Number} on {device.Id} (backend '{device.PluginId}') failed: {message}")) as LazyHostException
                ?? new ExecutionException($"a run of step {run.Step.Number} on {device.Id} was cancelled by its backend");
            failure = new(device, error.At(error.Operator ?? run.Operator, error.CallSite ?? run.CallSite));
        }
        // Over before anybody who waits for the run goes on.
        traced.Activity?.SetTag("step", run.Step.Number).SetTag("kernels", run.CopyFrom is null ? run.Computation.KernelCount : 0).SetTag("failed", failure is not null);
        traced.Dispose();
        device.Samples.Add(run, start, Stopwatch.GetTimestamp());
        End(run, failure);
    }

    /// <summary>Settles a run: values ready or failed, variables kept or put back, everything it held let go. Never throws.</summary>
    public static void End(Async run, RunFailure? failure)
    {
        run.Workspace?.Release();
        if (run.CopyFrom is { } source)
        {
            source.Device.Host.Leave();
            run.Device.Host.Leave();
        }
        else run.Computation.Unuse();
        if (failure is null) Succeed(run);
        else
        {
            if (!run.Device.Context.Failed(failure)) Log.FailuresDropped(run.Device.Engine.Logger, run.Device.Id, DeviceContext.KeptFailures);
            // Known to be failed before variables are put back: whoever looks at them while that goes on finds the error, or the earlier value.
            run.Fail(failure);
            foreach (var (from, to) in run.Donated ?? [])
            {
                if (run.HasBegun) from.LoseDonated($"a run of step {run.Step.Number} that was updating its variable in place failed");
                else from.TakeBack(to);
            }
            foreach (var output in run.Outputs) output.Recycle($"its run in step {run.Step.Number} failed");
        }
        run.Step.RunEnded(failure);
        foreach (var input in run.Inputs) input.Unpin();
        run.Finish();
    }

    /// <summary>The failure a run inherits from one it depends on.</summary>
    private static RunFailure? DependencyFailure(Async run)
    {
        foreach (var input in run.Inputs)
        {
            if (input.Producer is { Failure: { } cause }) return Dependent(run, cause);
            // What a variable was given in a step of which another run failed since: it never was.
            if (input is { Replaced: not null, Step.Failure: { } undone }) return Dependent(run, undone);
        }
        return null;
    }

    private static RunFailure Dependent(Async run, RunFailure cause) =>
        new(run.Device, new ExecutionException($"a run of step {run.Step.Number} on {run.Device.Id} needs a value that failed: {cause.Error.Message}", cause.Error).At(run.Operator, run.CallSite), cause);

    private static void Call(Async run)
    {
        if (run.CopyFrom is { } source)
        {
            Transfer.Copy(source, run.Outputs[0]);
            return;
        }
        if (run.Computation.Children.Length > 0)
        {
            ProgramRun.Execute(run.Device, run.Computation, Array.ConvertAll(run.Inputs, static i => i.Handle!), Array.ConvertAll(run.Outputs, static o => o.Handle!), run.Scalars);
            return;
        }
        var arguments = new ExecutionArguments
        {
            Ordinal = run.Device.Id.Ordinal,
            Inputs = Array.ConvertAll(run.Inputs, static i => i.Handle!.Buffer),
            Outputs = Array.ConvertAll(run.Outputs, static o => o.Handle!.Buffer),
            Workspace = run.Workspace?.Buffer,
            Scalars = run.Scalars,
        };
        var task = run.Device.Host.Backend.ExecuteAsync(run.Computation.Executable, arguments, CancellationToken.None);
        if (!task.IsCompletedSuccessfully) task.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Moves small results to managed memory, where a failure is still the run's.</summary>
    private static void Deliver(Async run)
    {
        for (var i = 0; i < run.Outputs.Length; i++)
            if (run.Outputs[i].Handle is { SmallClass: >= 0 } && run.Unwanted?[i] != true) ToManaged(run.Outputs[i]);
    }

    private static void Succeed(Async run)
    {
        for (var i = 0; i < run.Outputs.Length; i++)
        {
            if (run.Unwanted?[i] == true) run.Outputs[i].Recycle("nobody asked for it");
            run.Outputs[i].Complete();
        }
        if (run.InScope) return;
        foreach (var update in run.Variables)
        {
            // Overwritten twice now: what old itself replaced can no longer be asked for.
            var old = update.OldData;
            if (old.Replaced is not { } replaced || replaced.Variable != update.Variable) continue;
            replaced.Data.Recycle($"the variable that held it has been overwritten twice, the second time in step {run.Step.Number}");
            old.Replaced = null;
        }
    }

    private static void ToManaged(DeviceData output)
    {
        var bytes = new byte[output.Type.ByteSize];
        if (bytes.Length > 0)
        {
            var copy = output.Device.Host.Backend.CopyToHostAsync(output.Handle!.Buffer, bytes, CancellationToken.None);
            if (!copy.IsCompletedSuccessfully) copy.AsTask().GetAwaiter().GetResult();
        }
        output.MoveToManaged(bytes);
    }
}
