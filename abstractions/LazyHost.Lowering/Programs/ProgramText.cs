using System.Globalization;
using System.Text;
using LazyHost.IR;

namespace LazyHost.Lowering.Programs;

/// <summary>Programs as text: equal programs give equal text.</summary>
public static class ProgramText
{
    /// <summary>The buffers, steps and kernels of a program, a line each.</summary>
    public static string Dump(this KernelProgram program)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"program: {program.Steps.Count} steps, workspace {program.WorkspaceBytes} bytes\n");
        foreach (var buffer in program.Buffers) text.Append(CultureInfo.InvariantCulture, $"  {Name(buffer)} = {Describe(buffer)}\n");
        foreach (var pair in program.MayAlias) text.Append(CultureInfo.InvariantCulture, $"  output {pair.Output} may take the memory of input {pair.Input}\n");
        for (var i = 0; i < program.Steps.Count; i++) text.Append(Step(program, program.Steps[i]));
        return text.ToString();
    }

    private static string Name(ProgramBuffer buffer) => $"b{buffer.Id}";

    private static string Describe(ProgramBuffer buffer) => buffer.Kind switch
    {
        BufferKind.Input => $"input {buffer.Slot} : {buffer.Type}",
        BufferKind.Output => $"output {buffer.Slot} : {buffer.Type}",
        BufferKind.Temporary => $"workspace @{buffer.WorkspaceOffset} : {buffer.Type}",
        _ => $"constant : {buffer.Type}",
    };

    private static string Step(KernelProgram program, ProgramStep step)
    {
        var site = step.CallSite is { } place ? $"  // {place}" : "";
        return step switch
        {
            KernelStep { Kernel: var kernel } => KernelText.Dump(kernel, site),
            DotStep dot => $"dot {dot.DType.Name()} batch {dot.Batch} m {dot.M} n {dot.N} k {dot.K}: " +
                $"{Matrix(dot.C)} = {Matrix(dot.A)} * {Matrix(dot.B)}{site}\n",
            AttentionStep attention => Attention(attention, site),
            PrimitiveStep call => Call(program, call.Primitive, call.Attributes, call.Inputs, call.Outputs, site),
            OperatorStep call => Call(program, call.Form, call.Attributes, call.Inputs, call.Outputs, site),
            _ => throw new CompilationException($"unknown step {step.GetType().Name}"),
        };
    }

    private static string Call(KernelProgram program, OperatorForm form, Attributes attributes, IReadOnlyList<int> inputs, IReadOnlyList<int> outputs, string site) =>
        $"call {form.Name}({string.Join(", ", inputs.Select(id => Name(program.Buffers[id])))}){(attributes.IsEmpty ? "" : $" {{{attributes.ToString(form.Attributes)}}}")} -> " +
        $"{string.Join(", ", outputs.Select(id => Name(program.Buffers[id])))}{site}\n";

    private static string Attention(AttentionStep step, string site)
    {
        var sizes = step.Sizes;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"attention {sizes.DType.Name()} batch {sizes.Batch} heads {sizes.Heads} queries {sizes.Queries} keys {sizes.Keys} "));
        text.Append(CultureInfo.InvariantCulture, $"head {sizes.HeadSize} value {sizes.ValueSize}: {Matrices(step.Result)} = softmax({Matrices(step.Queries)} * {Matrices(step.Keys)} {(step.IsDivided ? '/' : '*')} {Number(step.Scale)}");
        if (step.Bias is { } bias) text.Append(CultureInfo.InvariantCulture, $" + {Matrices(bias)}");
        if (step.Mask is { Places: { } places } mask) text.Append(CultureInfo.InvariantCulture, $" where {(mask.Keeps ? "" : "not ")}{Matrices(places)} else {Number(mask.Fill)}");
        else if (step.Mask is { } diagonal) text.Append(CultureInfo.InvariantCulture, $" where key <= query + {diagonal.Diagonal} else {Number(diagonal.Fill)}");
        return text.Append(CultureInfo.InvariantCulture, $") * {Matrices(step.Values)}{site}\n").ToString();
    }

    private static string Number(AttentionNumber number) =>
        number.Slot >= 0 ? string.Create(CultureInfo.InvariantCulture, $"scalar {number.Slot}") : number.Value.ToString("R", CultureInfo.InvariantCulture);

    private static string Matrices(AttentionOperand operand) => $"b{operand.Buffer}[{operand.Offset}; {operand.BatchStride}, {operand.HeadStride}, {operand.RowStride}, {operand.ColumnStride}]";

    private static string Matrix(MatrixOperand matrix) => $"b{matrix.Buffer}[{matrix.Offset}; {matrix.BatchStride}, {matrix.RowStride}, {matrix.ColumnStride}]";
}
