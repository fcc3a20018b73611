namespace LazyHost.Tests.Properties;

/// <summary>Runs the lines of a program on a device.</summary>
internal sealed class Machine(Device device, bool collect)
{
    private readonly Dictionary<int, Tensor> tensors = [];
    private readonly Dictionary<int, SGD> optimizers = [];
    private readonly Generator[] generators = [new(1), new(2)];
    private readonly Stack<(IDisposable? Fork, StepScope? Scope)> flows = new([(null, null)]);

    public bool RequiresGrad(int id) => tensors[id].RequiresGrad;

    /// <summary>Does one line; gives what it reads. Within a region, lines are done as part of it.</summary>
    public double[]? Do(Instruction line)
    {
        using var noGrad = line.NoGrad ? GradMode.NoGrad() : null;
        var on = Array.ConvertAll(line.On, id => tensors[id]);
        if (Make(line, on) is { } made) tensors.Add(line.Result, made);
        else return Act(line, on);
        return null;
    }

    private Tensor? Make(Instruction line, Tensor[] on)
    {
        switch (line.Op)
        {
            case Op.From: return From(line);
            case Op.Parameter:
                var parameter = new Parameter(From(line));
                optimizers.Add(line.Result, new SGD([parameter], 0.5, 0.5));
                return parameter;
            case Op.Integers: return Tensor.RandomIntegers(ShapeOf(line), -4, 5, device, generator: Source(line)).To(DType.Float32);
            case Op.Bernoulli: return Tensor.Bernoulli(ShapeOf(line), 0.5, device, generator: Source(line));
            case Op.Uniform: return (Tensor.RandomUniform(ShapeOf(line), device, generator: Source(line)) * 8).Floor();
            case Op.Elementwise: return Elementwise.All[line.Name].Real(on, line.With.FirstOrDefault());
            case Op.Sum: return line.With[0] < 0 ? on[0].Sum(keepDims: line.With[1] != 0) : on[0].Sum(line.With[0], line.With[1] != 0);
            case Op.Max: return line.With[0] < 0 ? on[0].Max(keepDims: line.With[1] != 0) : on[0].Max(line.With[0], line.With[1] != 0);
            case Op.MatMul: return on[0].MatMul(on[1]);
            case Op.Concat: return Tensor.Concat(line.With[0], on);
            case Op.Flip: return on[0].Flip(line.With[0]);
            case Op.View: return Views.Make(line.Name, on[0], line.With);
            default: return null;
        }
    }

    private double[]? Act(Instruction line, Tensor[] on)
    {
        switch (line.Op)
        {
            case Op.InPlace: Elementwise.All[line.Name].InPlace!(on, line.With.FirstOrDefault()); break;
            case Op.Assign: on[0].Assign(on[1]); break;
            case Op.Fill: on[0].Fill(line.With[0]); break;
            case Op.FillIntegers: on[0].FillIntegers(-4, 5, Source(line)); break;
            case Op.Read: return Read(on[0]);
            case Op.ReadBytes: return [.. ReadBytes(on[0])];
            case Op.ReadTogether: return [.. Tensor.ToArraysAsync<float>(on).GetAwaiter().GetResult().SelectMany(a => a).Select(f => (double)f)];
            case Op.Keep: on[0].Keep(); break;
            case Op.Sync: device.SyncTensors(on); break;
            case Op.Backward: on[0].Sum().Backward(); break;
            case Op.ReadGrad: return Read(((Parameter)on[0]).Grad!);
            case Op.Descend: optimizers[line.On[0]].Step(); break;
            case Op.ZeroGrad: ((Parameter)on[0]).Grad = null; break;
            case Op.SetSeed: device.SetSeed((ulong)line.With[0]); break;
            case Op.Drop: tensors.Remove(line.On[0]); break;
            case Op.Collect when collect:
                GC.Collect();
                GC.WaitForPendingFinalizers();
                break;
            default: Boundary(line.Op); break;
        }
        return null;
    }

    private void Boundary(Op op)
    {
        var (fork, scope) = flows.Peek();
        switch (op)
        {
            case Op.MarkStep: device.MarkStep(); break;
            case Op.SyncLive: device.SyncLiveTensors(); break;
            case Op.Barrier: device.WaitDeviceOpsAsync().GetAwaiter().GetResult(); break;
            case Op.BeginScope:
                flows.Pop();
                flows.Push((fork, device.BeginStep()));
                break;
            case Op.Complete or Op.Discard:
                if (op == Op.Complete) scope!.CompleteAsync().GetAwaiter().GetResult();
                scope!.DisposeAsync().AsTask().GetAwaiter().GetResult();
                flows.Pop();
                flows.Push((fork, null));
                break;
            case Op.Fork: flows.Push((device.Fork(), null)); break;
            case Op.EndFork: flows.Pop().Fork!.Dispose(); break;
        }
    }

    private static double[] Read(Tensor tensor) => tensor.DType == DType.Bool ? Array.ConvertAll(tensor.ToArray<bool>(), b => b ? 1.0 : 0) : Array.ConvertAll(tensor.ToArray<float>(), f => (double)f);

    private static IEnumerable<double> ReadBytes(Tensor tensor)
    {
        var bytes = tensor.ToBytesAsync().GetAwaiter().GetResult();
        if (tensor.DType == DType.Bool) return bytes.Select(b => (double)b);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(f => (double)f);
    }

    private Tensor From(Instruction line) => Tensor.From(Array.ConvertAll(line.With, n => (float)n), ShapeOf(line), device);

    private static Shape ShapeOf(Instruction line) => Shape.Create(Array.ConvertAll(line.Shape!, n => (long)n));

    private Generator? Source(Instruction line) => line.With[0] is 1 or 2 ? generators[line.With[0] - 1] : null;
}
