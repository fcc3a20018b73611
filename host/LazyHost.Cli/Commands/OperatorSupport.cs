using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Cli.Commands;

/// <summary>How many operators a backend runs on f32, asked with the first sample of each.</summary>
/// <param name="Whole">As they are.</param>
/// <param name="Decomposed">By their decomposition.</param>
/// <param name="No">The names of those it does not run.</param>
internal sealed record OperatorSupport(int Whole, int Decomposed, IReadOnlyList<string> No)
{
    public static OperatorSupport Of(IBackend backend)
    {
        var answers = OperatorCatalog.All.Where(form => form.DTypes.Contains(DType.Float32))
            .Select(form => (form.Name, Sample: form.Samples(DType.Float32).FirstOrDefault(), Form: form))
            .Where(f => f.Sample is not null)
            .Select(f => (f.Name, Answer: Ask(backend, f.Form, f.Sample!))).ToList();
        return new(answers.Count(a => a.Answer == Capability.Whole), answers.Count(a => a.Answer == Capability.Decompose), [.. answers.Where(a => a.Answer == Capability.No).Select(a => a.Name)]);
    }

    public override string ToString() => $"{Whole} whole, {Decomposed} decomposed, {No.Count} not{(No.Count > 0 ? $" ({string.Join(", ", No)})" : "")}";

    private static Capability Ask(IBackend backend, OperatorForm form, OperatorSample sample)
    {
        TensorType[] operands = [.. sample.Inputs.Select(i => i.Type)];
        var outputs = new TensorType[form.OutputCount];
        form.Infer(new InferenceContext(form, operands, sample.Attributes), outputs);
        return backend.Query(new OperatorQuery(form, sample.Attributes, operands, outputs));
    }
}
