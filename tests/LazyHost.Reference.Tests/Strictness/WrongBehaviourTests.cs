using LazyHost.Backends;
using LazyHost.Contract;

namespace LazyHost.Reference.Tests.Strictness;

/// <summary>Backends that compute rightly and behave wrongly.</summary>
public class WrongBehaviourTests
{
    private static readonly Dictionary<string, (Func<IBackend> Create, string Case)> Faults = new()
    {
        ["leaks a buffer a run"] = (() => new Leaking(), "nothing is left after everything is disposed"),
        ["forgets to count"] = (() => new Uncounted(), "statistics count buffers"),
        ["gives less memory than asked for"] = (() => new Short(), "4097 bytes come back as they went"),
        ["ignores cancellation"] = (() => new Deaf(), "a cancelled token throws OperationCanceledException"),
        ["dumps differ"] = (() => new Restless(), "equal graphs give equal dumps"),
        ["takes any custom call"] = (() => new Boastful(), "an unknown custom call is refused"),
        ["makes code it may not make"] = (() => new Busy(), "what is put together needs no code"),
        ["bakes scalars in"] = (() => new Baking(), "f32 scalars vary without compiling again"),
        ["allows aliases it cannot bear"] = (() => new Aliasing(), "pairs declared as MayAlias may alias"),
        ["overwrites inputs"] = (() => new Overwriting(), "inputs are not changed"),
        ["writes too far"] = (() => new Overrunning(), "only the result is written"),
        ["is broken by a failed compile"] = (() => new Fragile(), "a failed compile does not harm the next"),
        ["gives out its own buffers as results"] = (() => new Sharing(), "results do not change when the program runs again"),
        ["mixes up runs"] = (() => new Mixing(), "one program runs on 8 threads at once"),
        ["rounds otherwise without fusion"] = (() => new Contracting(), "without fusion f32 element-wise results have the same bits"),
    };

    public static TheoryData<string> Names => new(Faults.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_misbehaving_backend_fails_the_case_that_looks_for_it(string name)
    {
        var (create, wanted) = Faults[name];
        var contractCase = Assert.Single(ContractSuite.Cases(), c => c.Name == wanted);
        await using var good = new DelegatingBackend();
        Assert.Empty(await Suite.FailuresAsync(good, [contractCase]));
        await using var bad = create();
        Assert.NotEmpty(await Suite.FailuresAsync(bad, [contractCase]));
    }

    private sealed class Leaking : DelegatingBackend
    {
        public override ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            Inner.Allocate(0, 16);
            return Inner.ExecuteAsync(executable, arguments, cancellationToken);
        }
    }

    private sealed class Uncounted : DelegatingBackend
    {
        public override MemoryStatistics GetMemoryStatistics(int ordinal) => default;
    }

    private sealed class Short : DelegatingBackend
    {
        public override IDeviceBuffer Allocate(int ordinal, long byteSize) => Inner.Allocate(ordinal, Math.Min(byteSize, 4096));
    }

    private sealed class Busy : DelegatingBackend
    {
        public override async ValueTask<IExecutable?> AssembleAsync(LoweringContext context, CancellationToken cancellationToken) => await Inner.CompileAsync(context, cancellationToken);
    }

    private sealed class Deaf : DelegatingBackend
    {
        public override ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken) => Inner.CompileAsync(context, default);
    }

    private sealed class Boastful : DelegatingBackend
    {
        public override Capability Query(in OperatorQuery query) => Capability.Whole;
    }

    private sealed class Baking : DelegatingBackend
    {
        private long[]? first;

        public override ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            arguments.Scalars = first ??= arguments.Scalars;
            return Inner.ExecuteAsync(executable, arguments, cancellationToken);
        }
    }

    private sealed class Overwriting : DelegatingBackend
    {
        public override async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            await Inner.ExecuteAsync(executable, arguments, cancellationToken);
            await Inner.CopyFromHostAsync(new byte[4], arguments.Inputs[0], cancellationToken);
        }
    }

    private sealed class Overrunning : DelegatingBackend
    {
        public override async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            var bytes = new byte[arguments.Outputs[0].ByteSize];
            await Inner.CopyFromHostAsync(bytes, arguments.Outputs[0], cancellationToken);
            await Inner.ExecuteAsync(executable, arguments, cancellationToken);
        }
    }

    private sealed class Fragile : DelegatingBackend
    {
        private bool broken;

        public override async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
        {
            if (broken) throw new InvalidOperationException("broken by an earlier failure");
            try { return await Inner.CompileAsync(context, cancellationToken); }
            catch { broken = true; throw; }
        }
    }

    private sealed class Sharing : DelegatingBackend
    {
        private readonly List<IDeviceBuffer> results = [];

        public override async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            await Inner.ExecuteAsync(executable, arguments, cancellationToken);
            foreach (var earlier in results) await Inner.CopyAsync(arguments.Outputs[0], earlier, arguments.Outputs[0].ByteSize, cancellationToken);
            results.Add(arguments.Outputs[0]);
        }
    }

    /// <summary>Runs with the arguments that came last: of two runs at once, one computes what the other asked for.</summary>
    private sealed class Mixing : DelegatingBackend
    {
        private readonly TaskCompletionSource another = new();
        private ExecutionArguments? last;
        private int runs;

        public override async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            last = arguments;
            // The suite runs one by one first to know the answers; the run after those eight waits for a companion.
            var run = Interlocked.Increment(ref runs);
            if (run == 9) await another.Task.WaitAsync(cancellationToken);
            if (run == 10) another.SetResult();
            await Inner.ExecuteAsync(executable, run == 9 ? last : arguments, cancellationToken);
        }
    }

    private sealed class Restless : DelegatingBackend
    {
        private int compiled;

        public override async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken) =>
            new Described(await Inner.CompileAsync(context, cancellationToken), [], $"program {++compiled}");

        public override ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken) =>
            Inner.ExecuteAsync(((Described)executable).Inner, arguments, cancellationToken);
    }

    /// <summary>Clears the outputs first, and yet says that an output may be an input.</summary>
    private sealed class Aliasing : DelegatingBackend
    {
        public override async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken) =>
            new Described(await Inner.CompileAsync(context, cancellationToken), [new(0, 0)], "");

        public override async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            await Inner.CopyFromHostAsync(new byte[4], arguments.Outputs[0], cancellationToken);
            await Inner.ExecuteAsync(((Described)executable).Inner, arguments, cancellationToken);
        }
    }

    private sealed class Contracting : DelegatingBackend
    {
        private IExecutable? single;

        public override async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
        {
            var executable = await Inner.CompileAsync(context, cancellationToken);
            if (!context.Options.Fusion) single = executable;
            return executable;
        }

        public override async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            await Inner.ExecuteAsync(executable, arguments, cancellationToken);
            if (executable != single) return;
            var bytes = new byte[1];
            await Inner.CopyToHostAsync(arguments.Outputs[0], bytes, cancellationToken);
            bytes[0] ^= 1;
            await Inner.CopyFromHostAsync(bytes, arguments.Outputs[0], cancellationToken);
        }
    }

    private sealed class Described(IExecutable inner, IReadOnlyList<AliasPair> mayAlias, string dump) : IExecutable
    {
        public IExecutable Inner { get; } = inner;

        public long WorkspaceBytes => Inner.WorkspaceBytes;

        public long EstimatedOperations => Inner.EstimatedOperations;

        public int KernelCount => Inner.KernelCount;

        public long ProgramBytes => Inner.ProgramBytes;

        public IReadOnlyList<AliasPair> MayAlias => mayAlias;

        public string Dump() => dump;

        public void Dispose() => Inner.Dispose();
    }
}
