using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>What every operator in the catalog must satisfy.</summary>
public class CatalogTests
{
    public static TheoryData<string> Names => [.. BuiltIn.Select(form => form.Name)];

    private static IEnumerable<OperatorForm> BuiltIn => OperatorCatalog.All.Where(form => form.GetType().Assembly == typeof(OperatorCatalog).Assembly);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_element_type_has_samples(string name)
    {
        var form = OperatorCatalog.Find(name)!;
        Assert.NotEmpty(form.DTypes);
        foreach (var type in form.DTypes)
        {
            var samples = form.Samples(type).ToList();
            Assert.True(samples.Count >= 3, $"{name} has {samples.Count} samples for {type}");
            foreach (var sample in samples)
            {
                Assert.InRange(sample.Inputs.Count, form.OperandCount.Least, form.OperandCount.Most);
                Assert.All(sample.Inputs, input => Assert.True(input.Low <= input.High));
                if (sample.Inputs.Count > 0) Assert.Equal(type, sample.Inputs[0].Type.DType);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_decomposes_into_primitives_of_the_inferred_types(string name)
    {
        var form = OperatorCatalog.Find(name)!;
        foreach (var sample in form.DTypes.SelectMany(form.Samples))
        {
            var builder = new GraphBuilder();
            var node = builder.Emit(form, sample.Inputs.Select(input => builder.Parameter(input.Type)).ToArray(), sample.Attributes);
            for (var i = 0; i < form.OutputCount; i++) builder.AddRoot(node with { Output = i });
            var graph = builder.Build();

            var decomposed = GraphDecomposer.Decompose(graph, PrimitivesOnly);

            Assert.All(decomposed.Nodes.ToArray(), n => Assert.True(n.Form is Primitive || n.Form == InputForms.Parameter, n.ToString()));
            Assert.Equal(graph.Parameters, decomposed.Parameters);
            Assert.Equal(graph.Roots.ToArray().Select(graph.TypeOf), decomposed.Roots.ToArray().Select(decomposed.TypeOf));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_gradient_has_the_type_of_its_operand_and_decomposes(string name)
    {
        var form = OperatorCatalog.Find(name)!;
        if (!form.IsDifferentiable)
        {
            Assert.Throws<GradientException>(() => form.Gradient(null!));
            return;
        }
        var found = 0;
        foreach (var sample in form.DTypes.SelectMany(form.Samples))
        {
            var gradient = new TestGradient(form, sample);
            if (!gradient.ResultType().DType.IsFloat()) continue;
            for (var i = 0; i < sample.Inputs.Count; i++)
            {
                if (!gradient.Gradients.TryGetValue(i, out var value)) continue;
                found++;
                Assert.Equal(sample.Inputs[i].Type, gradient.Graph.TypeOf(value));
                gradient.Graph.AddRoot(value);
            }
            var graph = gradient.Graph.Build();
            var added = graph.Nodes.ToArray().Skip(gradient.NodesBefore).ToList();
            Assert.All(added,
                node => Assert.True(node.Form.IsDifferentiable || node.Form == Primitives.Constant || !node.Type.DType.IsFloat(), $"{name} emits {node}, which has no gradient"));
            var decomposed = GraphDecomposer.Decompose(graph, PrimitivesOnly);
            Assert.Equal(graph.Roots.ToArray().Select(graph.TypeOf), decomposed.Roots.ToArray().Select(decomposed.TypeOf));
        }
        Assert.True(found > 0, $"{name} gave no gradient");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_the_gradients_that_are_needed_are_recorded(string name)
    {
        var form = OperatorCatalog.Find(name)!;
        if (!form.IsDifferentiable) return;
        foreach (var sample in form.DTypes.SelectMany(form.Samples))
        {
            var gradient = new TestGradient(form, sample);
            var graph = gradient.Graph;
            foreach (var value in gradient.Gradients.Values) graph.AddRoot(value);
            var needed = graph.Build();
            var live = needed.WithoutDeadNodes().Nodes.Length;
            var before = needed.Nodes[..gradient.NodesBefore].ToArray().Count(n => n.Form == InputForms.Parameter);
            var dead = needed.Nodes.Length - live;
            // The node itself is dead where its gradient does not look at its result.
            Assert.True(dead <= 1, $"{name} recorded {dead} nodes that no gradient needs, for {string.Join(", ", sample.Inputs)}:\n{needed}");
            Assert.True(before > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_form_is_found_by_name_and_says_its_tolerance(string name)
    {
        var form = OperatorCatalog.Find(name)!;
        Assert.Equal(name, form.Name);
        Assert.Equal(name, form.ToString());
        foreach (var type in DTypes.All)
        {
            var tolerance = form.Tolerance(type);
            Assert.True(tolerance.Relative >= 0 && tolerance.Relative < 0.2 && tolerance.Absolute >= 0, $"{name} {type} {tolerance}");
            if (!type.IsFloat()) Assert.Equal(Tolerance.Exact, tolerance);
        }
    }

    [Fact]
    public void The_catalog_takes_forms_of_a_program()
    {
        var form = new Doubled("test_catalog_doubled");
        OperatorCatalog.Register(form);
        OperatorCatalog.Register(form);
        Assert.Same(form, OperatorCatalog.Find("test_catalog_doubled"));
        Assert.Contains(form, OperatorCatalog.All);
        Assert.Throws<InvalidAttributeException>(() => OperatorCatalog.Register(new Doubled("test_catalog_doubled")));
        Assert.Throws<InvalidAttributeException>(() => OperatorCatalog.Register(new Doubled("prim.add")));
        Assert.Throws<InvalidAttributeException>(() => OperatorCatalog.Register(Primitives.Add));
    }

    [Fact]
    public void Names_and_primitives_are_found_and_unknown_names_are_not()
    {
        Assert.Same(Add.Form, OperatorCatalog.Find("add"));
        Assert.Same(Primitives.Add, OperatorCatalog.Find("prim.add"));
        Assert.Null(OperatorCatalog.Find("no_such_operator"));
        Assert.Equal(OperatorCatalog.All.Select(form => form.Name).Order(StringComparer.Ordinal), OperatorCatalog.All.Select(form => form.Name));
        Assert.Equal(Enum.GetValues<PrimitiveKind>().Order(), Primitives.All.Select(primitive => primitive.Kind).Order());
    }

    internal static Capability PrimitivesOnly(in OperatorQuery query) => query.Form is Primitive ? Capability.Whole : Capability.Decompose;

    private sealed class Doubled(string name) : OperatorForm(name)
    {
        public override (int Least, int Most) OperandCount => (1, 1);

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = context.Operands[0];

        public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) => [builder.Add(operands[0], operands[0])];
    }
}
