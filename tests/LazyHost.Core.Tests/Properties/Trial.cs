namespace LazyHost.Tests.Properties;

/// <summary>Runs a program on a device and by the interpreter, line by line, and compares every value read.</summary>
internal sealed class Trial
{
    private readonly Device device;
    private readonly Machine machine;
    private readonly Setting setting;
    private readonly Interpreter interpreter = new();
    private readonly Lifetimes lifetimes;
    private readonly HashSet<int> missing = [];

    private Trial(Setting setting, Device device)
    {
        (this.setting, this.device) = (setting, device);
        machine = new(device, setting.Collect);
        lifetimes = new(setting.Mode);
        lifetimes.Begin();
    }

    /// <summary>What a run cost: segments compiled, found in the cache, and values computed again.</summary>
    public readonly record struct Cost(long Compiled, long Found, long Recomputed);

    /// <summary>Runs a program; throws where it does not do what it must.</summary>
    public static Cost Run(IReadOnlyList<Instruction> program, Setting setting, LazyEngine engine, Device device)
    {
        var metrics = engine.Metrics;
        var before = new Cost(Programs(), metrics.CachedCompile.Total, metrics.Recomputed.Total);
        device.SetSeed(101);
        using (device.Fork()) new Trial(setting, device).Run(program);
        return new(Programs() - before.Compiled, metrics.CachedCompile.Total - before.Found, metrics.Recomputed.Total - before.Recomputed);

        long Programs() => metrics.UncachedCompile.Total + metrics.AssembledPrograms.Total;
    }

    private void Run(IReadOnlyList<Instruction> program)
    {
        for (var i = 0; i < program.Count; i++)
        {
            var first = i;
            while (setting.Regions && i < program.Count && MayBeInRegion(program[i].Op)) i++;
            if (i > first)
            {
                lifetimes.Region(begins: true);
                device.Compiled(() =>
                {
                    for (var k = first; k < i; k++) Do(program[k]);
                });
                lifetimes.Region(begins: false);
                i--;
            }
            else Do(program[i]);
        }
    }

    private static bool MayBeInRegion(Op op) => op is not (Op.Parameter or Op.Read or Op.ReadBytes or Op.ReadTogether or Op.ReadGrad or Op.Sync or Op.MarkStep or Op.SyncLive or Op.Barrier
        or Op.BeginScope or Op.Complete or Op.Discard or Op.Fork or Op.EndFork);

    private void Do(Instruction line)
    {
        if (line.On.Any(missing.Contains)) return;
        Func<double[]?> commit;
        try { commit = interpreter.Prepare(line); }
        catch (RejectedException)
        {
            // Where an earlier line was left out, because a value had expired, this one may make no sense.
            missing.Add(line.Result);
            return;
        }
        var suspects = lifetimes.Suspects(line);
        if (suspects.Count > 0 && IsManifold(line, suspects))
        {
            missing.Add(line.Result);
            return;
        }
        double[]? found;
        try { found = machine.Do(line); }
        catch (ExpiredValueException) when (suspects.Count == 1)
        {
            lifetimes.FailedAt(line, suspects[0]);
            missing.Add(line.Result);
            return;
        }
        catch (Exception e) when (e is not DisagreementException) { throw new DisagreementException($"{setting}: {line}: {e}", e); }
        var expected = commit();
        lifetimes.Apply(line);
        Compare(line, expected, found);
        if (line.Op == Op.Discard) ForgetGradients();
    }

    /// <summary>True for a line that may have done something before it finds that a value is gone.</summary>
    private static bool IsManifold(Instruction line, List<LiveTensor> suspects) => suspects.Count > 1 || line.Op is Op.ReadTogether or Op.Sync or Op.Backward or Op.Descend || (line.Op is Op.InPlace or Op.Assign or Op.Fill or Op.FillIntegers or Op.Keep);

    private void Compare(Instruction line, double[]? expected, double[]? found)
    {
        if (expected is null != found is null || (expected is not null && !expected.SequenceEqual(found!)))
            throw new DisagreementException($"{setting}: {line}: [{string.Join(", ", expected ?? [])}] expected, [{string.Join(", ", found ?? [])}] found");
        if (line.Op == Op.Read && interpreter.Tensors[line.On[0]].Value is { RequiresGrad: true } value && value.Cells.Any(c => c.Parts.Length > 0 || c.Leaf is not null) && !machine.RequiresGrad(line.On[0]))
            throw new DisagreementException($"{setting}: {line}: gradients flow to it, but it says they do not");
    }

    /// <summary>Gradients that a discarded step has made are no more.</summary>
    private void ForgetGradients()
    {
        foreach (var (id, tensor) in interpreter.Tensors)
        {
            if (tensor.Storage is not PlainParameter { Grad: null } || !interpreter.IsParameter(id)) continue;
            var forget = new Instruction(Op.ZeroGrad, On: [id]);
            machine.Do(forget);
            lifetimes.Apply(forget);
        }
    }
}
