using CsCheck;

namespace LazyHost.Tests.Properties;

/// <summary>
/// Random programs do what a plain interpreter does, whatever the mode, backend and options, with a cold and a warm cache, and whenever the collector runs.
/// LAZYHOST_PROGRAMS sets the number of programs, LAZYHOST_PROGRAM_SEED repeats one that a failure names.
/// </summary>
public sealed class RandomProgramTests
{
    private static readonly Gen<int[]> Choices = Gen.Int[0, 999].Array[25, 250];

    private static readonly int Programs = int.TryParse(Environment.GetEnvironmentVariable("LAZYHOST_PROGRAMS"), out var count) ? count : 60;

    private static readonly string? Seed = Environment.GetEnvironmentVariable("LAZYHOST_PROGRAM_SEED");

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

    /// <summary>Tries many programs; of those that fail, shows the smallest, cut down to the lines that matter.</summary>
    private static void Sample(Action<List<Instruction>> check)
    {
        List<Instruction>? smallest = null;
        string? first = null;
        try
        {
            Choices.Sample(choices =>
            {
                var program = ProgramGenerator.Make(choices);
                if (Failure(program, check) is not { } error) return;
                if (smallest is null || program.Count < smallest.Count) (smallest, first) = (program, error);
                throw new DisagreementException(error);
            }, seed: Seed, iter: Programs, threads: 1);
        }
        catch (CsCheckException e)
        {
            var (lines, error) = Shrink(smallest!, check);
            Assert.Fail($"{error}\n(at first: {first})\n{string.Join('\n', ProgramGenerator.Finish(lines))}\n{e.Message}");
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
