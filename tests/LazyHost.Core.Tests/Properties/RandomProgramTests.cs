namespace LazyHost.Tests.Properties;

/// <summary>
/// Random programs do what a plain interpreter does, whatever the mode, backend and options, with a cold and a warm cache, and whenever the collector runs.
/// LAZYHOST_PROPERTY_PROGRAMS sets the number of programs, LAZYHOST_PROPERTY_SEED the number of the first; a failure names the program's.
/// </summary>
public sealed class RandomProgramTests
{
    private static readonly int Programs = Setting.Number("LAZYHOST_PROPERTY_PROGRAMS", 30);

    private static readonly int Seed = Setting.Number("LAZYHOST_PROPERTY_SEED", 0);

    public static TheoryData<string> Settings => [.. Setting.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void AProgramComputesWhatItSays(string name)
    {
        var setting = Setting.All.Single(s => s.Name == name);
        Sample(program => Once(program, setting));
    }

    [Fact]
    public void AWarmCacheCompilesNothing() => Sample(program => Warm(Steady(program)));

    [Fact]
    public void CollectionsChangeNeitherCompilesNorHits() => Sample(lines =>
    {
        var program = Steady(lines);
        var (calm, stirred) = (Once(program, Setting.All[0]), Once(program, Setting.All[1]));
        if (calm != stirred) throw new DisagreementException($"{calm} without collections, {stirred} with");
    });

    /// <summary>Without what reaches flows that nobody can reach any more, if they have not been collected.</summary>
    private static List<Instruction> Steady(List<Instruction> program) => [.. program.Where(line => line.Op != Op.SyncLive)];

    private static Trial.Cost Once(List<Instruction> program, Setting setting)
    {
        var engine = setting.Engine(out var device);
        try { return Trial.Run(program, setting, engine, device); }
        finally { engine.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
    }

    private static void Warm(List<Instruction> program)
    {
        var engine = Setting.All[0].Engine(out var device);
        try
        {
            var cold = Trial.Run(program, Setting.All[0], engine, device);
            var warm = Trial.Run(program, Setting.All[0], engine, device);
            // What was learned in the first run makes other programs of the second.
            if (warm.Compiled > 0 && cold.Recomputed > 0) warm = Trial.Run(program, Setting.All[0], engine, device);
            if (warm.Compiled > 0) throw new DisagreementException($"{cold} cold, {warm} warm");
        }
        finally { engine.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
    }

    /// <summary>Tries many programs; shows the first that fails, cut down to the lines that matter.</summary>
    private static void Sample(Action<List<Instruction>> check)
    {
        for (var number = Seed; number < Seed + Programs; number++)
        {
            var random = new Random(number);
            var choices = new int[random.Next(25, 250)];
            for (var i = 0; i < choices.Length; i++) choices[i] = random.Next(1000);
            var program = ProgramGenerator.Make(choices);
            if (Failure(program, check) is not { } first) continue;
            var (lines, error) = Shrink(program, check);
            Assert.Fail($"program {number}: {error}\n(at first: {first})\n{string.Join('\n', ProgramGenerator.Finish(lines))}");
        }
    }

    private static (List<Instruction> Lines, string Error) Shrink(List<Instruction> program, Action<List<Instruction>> check)
    {
        var error = Failure(program, check) ?? "it did not fail again"; // where it depends on timing
        for (var size = Math.Max(1, program.Count / 2); size > 0; size /= 2)
            for (var start = 0; start < program.Count; start += size)
            {
                var shorter = program.Where((_, i) => i < start || i >= start + size).ToList();
                if (Failure(shorter, check) is not { } still) continue;
                (program, error, start) = (shorter, still, start - size);
            }
        return (program, error);
    }

    private static string? Failure(List<Instruction> program, Action<List<Instruction>> check)
    {
        try { check(ProgramGenerator.Finish(program)); }
        catch (DisagreementException e) { return e.Message; }
        return null;
    }
}
