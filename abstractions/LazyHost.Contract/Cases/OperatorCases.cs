using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Contract;

/// <summary>Every operator, in each of its element types, on each of its samples, against the oracle.</summary>
internal static class OperatorCases
{
    public static IEnumerable<ContractCase> All() => OperatorCatalog.All.SelectMany(Of);

    public static IEnumerable<ContractCase> Of(OperatorForm form) =>
        from type in form.DTypes
        let samples = form.Samples(type).ToList()
        let first = Math.Max(0, samples.FindIndex(sample => sample.Class == ShapeClass.Odd))
        from sample in samples.Index()
        select new ContractCase(form.Name, $"{type.Name()} sample {sample.Index + 1} ({sample.Item.Class}: {string.Join(", ", sample.Item.Inputs.Select(input => input.Type))})",
            harness => RunAsync(harness, form, type, sample.Item, sample.Index)) { Tier = sample.Index == first ? ContractTier.Short : ContractTier.Full };

    private static async Task<ContractResult> RunAsync(Harness harness, OperatorForm form, DType type, OperatorSample sample, int index)
    {
        var generator = Generator.For($"{form.Name} {type.Name()} {index}");
        var inputs = sample.Inputs.Select(input => generator.Elements(input.Type, input.Low, input.High)).ToArray();
        var graph = Graph(form, inputs, sample.Attributes);
        Graph lowered;
        try { lowered = GraphDecomposer.Decompose(graph, harness.Backend.Query); }
        catch (UnsupportedOperatorException) { return ContractResult.Refused; }
        var results = await harness.RunAsync(lowered, inputs).ConfigureAwait(false);

        var exact = type.IsFloat() ? ExpectExactly(harness, form, inputs, sample.Attributes) : harness.Expect(GraphDecomposer.Decompose(graph, PrimitivesOnly), inputs);
        Elements[]? own = null;
        for (var i = 0; i < results.Length; i++)
        {
            var tolerance = Tolerance(form, type, results[i].Type.DType);
            try { Comparison.Require($"output {i}", results[i], tolerance, exact[i]); }
            catch (ContractFailureException) when (type.Size() == 2 || !results[i].Type.DType.IsFloat())
            {
                // A jump (floor, a comparison, an index) may fall on either side of a rounding error that the definition in the element type makes as well.
                own ??= harness.Expect(GraphDecomposer.Decompose(graph, PrimitivesOnly), inputs);
                Comparison.Require($"output {i}", results[i], tolerance, exact[i], own[i]);
            }
        }
        return ContractResult.Passed;
    }

    /// <summary>The results with every floating-point type, attributes that name one included, replaced by f64.</summary>
    private static Elements[] ExpectExactly(Harness harness, OperatorForm form, Elements[] inputs, Attributes attributes)
    {
        var wide = inputs.Select(input => input.Widened()).ToArray();
        return harness.Expect(GraphDecomposer.Decompose(Graph(form, wide, Widened(form, attributes)), PrimitivesOnly), wide);
    }

    private static Attributes Widened(OperatorForm form, Attributes attributes)
    {
        var words = attributes.Words.ToArray();
        var at = 0;
        foreach (var spec in form.Attributes)
        {
            if (spec.Kind == AttributeKind.DType && ((DType)words[at]).IsFloat()) words[at] = (long)DType.Float64;
            at += spec.Kind switch { AttributeKind.Ints => 1 + (int)words[at], AttributeKind.Text => 1 + (((int)words[at] + 7) / 8), _ => 1 };
        }
        return Attributes.FromWords(words);
    }

    private static Graph Graph(OperatorForm form, Elements[] inputs, Attributes attributes)
    {
        var builder = new GraphBuilder();
        var operands = inputs.Select(input => builder.Parameter(input.Type)).ToArray();
        var result = builder.Emit(form, operands, attributes);
        for (var i = 0; i < form.OutputCount; i++) builder.AddRoot(result with { Output = i });
        return builder.Build();
    }

    /// <summary>The wider of what the form asks in the tested type and in the type of the output; an output that is no floating-point number must be equal.</summary>
    private static Tolerance Tolerance(OperatorForm form, DType tested, DType output)
    {
        if (!output.IsFloat()) return IR.Tolerance.Exact;
        var (a, b) = (form.Tolerance(tested), form.Tolerance(output));
        return new(Math.Max(a.Relative, b.Relative), Math.Max(a.Absolute, b.Absolute));
    }

    private static Capability PrimitivesOnly(in OperatorQuery query) => query.Form is Primitive ? Capability.Whole : Capability.Decompose;
}
