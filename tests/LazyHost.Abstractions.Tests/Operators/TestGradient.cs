using LazyHost.IR;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>A gradient context over a graph: the node's operands are parameters, the arriving gradients too.</summary>
internal sealed class TestGradient : GradientContext
{
    private readonly GraphBuilder builder = new();
    private readonly Value[] operands;
    private readonly Value result;
    private readonly Value?[] arriving;

    public TestGradient(OperatorForm form, OperatorSample sample)
    {
        operands = sample.Inputs.Select(input => builder.Parameter(input.Type)).ToArray();
        result = builder.Emit(form, operands, sample.Attributes);
        Attributes = sample.Attributes;
        arriving = Enumerable.Range(0, form.OutputCount).Select(i => ResultType(i).DType.IsFloat() ? builder.Parameter(ResultType(i)) : (Value?)null).ToArray();
        NodesBefore = builder.Nodes.Count;
        form.Gradient(this);
    }

    public int NodesBefore { get; }

    public Dictionary<int, Value> Gradients { get; } = [];

    public GraphBuilder Graph => builder;

    public override IrBuilder Builder => builder;

    public override Attributes Attributes { get; }

    public override int OperandCount => operands.Length;

    public override Value Operand(int index) => operands[index];

    public override TensorType OperandType(int index) => builder.TypeOf(operands[index]);

    public override Value Result(int output = 0) => result with { Output = output };

    public override TensorType ResultType(int output = 0) => builder.TypeOf(Result(output));

    public override Value? OutputGradient(int output = 0) => arriving[output];

    public override bool Needs(int operand) => OperandType(operand).DType.IsFloat();

    public override void Set(int operand, Value gradient) => Gradients.Add(operand, gradient);
}
