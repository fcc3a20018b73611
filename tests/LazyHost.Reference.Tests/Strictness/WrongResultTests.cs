using LazyHost.Backends;
using LazyHost.Contract;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Reference.Tests.Strictness;

/// <summary>Each primitive's results are looked at, in several examples.</summary>
public class WrongResultTests
{
    public static TheoryData<string> Names => new(Primitives.All.Where(primitive => primitive.Kind != PrimitiveKind.CustomCall).Select(primitive => primitive.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task One_flipped_bit_fails_at_least_two_examples(string name)
    {
        await using var backend = new FlippingBackend();
        var failures = await Suite.FailuresAsync(backend, ContractSuite.InGroup(name));
        Assert.True(failures.Count >= 2, $"only {failures.Count} examples of {name} failed");
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("where")]
    public async Task One_flipped_bit_fails_every_sample_of_an_operator_that_has_a_result(string name)
    {
        await using var backend = new FlippingBackend();
        var cases = ContractSuite.InGroup(name).ToList();
        var failures = await Suite.FailuresAsync(backend, cases);
        Assert.NotEmpty(cases);
        Assert.Equal(cases.Count(c => !c.Name.Contains("(Empty", StringComparison.Ordinal)), failures.Count(f => !f.Contains("(Empty", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Random_programs_see_a_flipped_bit()
    {
        await using var backend = new FlippingBackend();
        var cases = ContractSuite.Cases().Where(c => c.Group.StartsWith("random programs", StringComparison.Ordinal)).Take(20).ToList();
        Assert.Equal(cases.Count, (await Suite.FailuresAsync(backend, cases)).Count);
    }

    /// <summary>Flips a high bit of the first element of each program's first result; the lowest bit of a bool.</summary>
    private sealed class FlippingBackend : DelegatingBackend
    {
        private DType type;

        public override ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
        {
            type = context.Graph.TypeOf(context.Graph.Roots[0]).DType;
            return Inner.CompileAsync(context, cancellationToken);
        }

        public override async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
        {
            await Inner.ExecuteAsync(executable, arguments, cancellationToken);
            var bytes = new byte[type.Size()];
            if (arguments.Outputs[0].ByteSize < bytes.Length) return;
            await Inner.CopyToHostAsync(arguments.Outputs[0], bytes, cancellationToken);
            bytes[^1] ^= type == DType.Bool ? (byte)1 : (byte)0x40;
            await Inner.CopyFromHostAsync(bytes, arguments.Outputs[0], cancellationToken);
        }
    }
}
