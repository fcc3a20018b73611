using LazyHost.IR;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Tests.Interpreters;

/// <summary>Runs a kernel program point by point, in real bytes, so that memory plans are tested with it.</summary>
internal sealed class ProgramInterpreter
{
    private readonly KernelProgram program;
    private readonly byte[] workspace;
    private readonly byte[][] inputs;
    private readonly byte[][] outputs;
    private readonly long[] scalars;

    private ProgramInterpreter(KernelProgram program, long[][] parameters, long[] scalars, IReadOnlyList<(int Input, int Output)> aliases)
    {
        (this.program, this.scalars) = (program, scalars);
        workspace = new byte[program.WorkspaceBytes];
        Array.Fill(workspace, (byte)0xCD);
        inputs = new byte[parameters.Length][];
        for (var slot = 0; slot < inputs.Length; slot++)
        {
            var type = program.Buffers.First(buffer => buffer.Kind == BufferKind.Input && buffer.Slot == slot).Type;
            inputs[slot] = new byte[type.ByteSize];
            for (var i = 0; i < parameters[slot].Length; i++) ElementBytes.Write(inputs[slot], i, type.DType, parameters[slot][i]);
        }
        outputs = [.. program.Buffers.Where(buffer => buffer.Kind == BufferKind.Output).DistinctBy(buffer => buffer.Slot)
            .Select(buffer => new byte[buffer.Type.ByteSize])];
        foreach (var (input, output) in aliases) outputs[output] = inputs[input];
    }

    public static long[][] Run(KernelProgram program, long[][] parameters, long[] scalars, params IReadOnlyList<(int Input, int Output)> aliases)
    {
        var run = new ProgramInterpreter(program, parameters, scalars, aliases);
        foreach (var step in program.Steps) run.Step(step);
        return [.. program.Buffers.Where(buffer => buffer.Kind == BufferKind.Output).DistinctBy(buffer => buffer.Slot)
            .Select(buffer => run.Elements(buffer.Id))];
    }

    private void Step(ProgramStep step)
    {
        switch (step)
        {
            case KernelStep { Kernel: var kernel }: Run(kernel); break;
            case DotStep dot: Run(dot); break;
            case AttentionStep attention: Run(attention); break;
            case PrimitiveStep call:
                var types = call.Inputs.Select(id => program.Buffers[id].Type).ToArray();
                var results = GraphInterpreter.Evaluate(call.Primitive, call.Attributes, [.. call.Inputs.Select(Elements)], types,
                    [.. call.Outputs.Select(id => program.Buffers[id].Type)]);
                for (var i = 0; i < results.Length; i++)
                    for (var k = 0; k < results[i].Length; k++) Write(call.Outputs[i], k, results[i][k]);
                break;
        }
    }

    private void Run(Kernel kernel)
    {
        foreach (var outer in GraphInterpreter.Indices([.. kernel.Sizes.Take(kernel.OuterRank)]))
        {
            var reduced = new List<long[]>();
            foreach (var stage in kernel.Stages)
            {
                var collected = stage.Reductions.Select(_ => new List<long>()).ToArray();
                foreach (var inner in GraphInterpreter.Indices([.. kernel.Sizes.Skip(kernel.OuterRank)]))
                {
                    var point = new Point(this, kernel, [.. outer, .. inner], reduced);
                    for (var i = 0; i < collected.Length; i++) collected[i].Add(point.Value(stage.Reductions[i].Expression));
                    point.Store(stage.Stores);
                }
                reduced.Add([.. stage.Reductions.Select((reduction, i) =>
                    Interpreters.Elements.Reduce(reduction.Kind, kernel.Expressions[reduction.Expression].DType, collected[i]))]);
                new Point(this, kernel, [.. outer, .. new long[kernel.Sizes.Count - kernel.OuterRank]], reduced).Store(stage.RowStores);
            }
        }
    }

    private void Run(DotStep dot)
    {
        long At(MatrixOperand matrix, long b, long row, long column) =>
            matrix.Offset + (b * matrix.BatchStride) + (row * matrix.RowStride) + (column * matrix.ColumnStride);
        var wide = dot.DType == DType.Float32 ? DType.Float64 : dot.DType;
        for (long b = 0; b < dot.Batch; b++)
            for (long row = 0; row < dot.M; row++)
                for (long column = 0; column < dot.N; column++)
                {
                    var terms = new List<long>();
                    for (long k = 0; k < dot.K; k++)
                        terms.Add(Interpreters.Elements.Apply(PrimitiveKind.Mul, dot.DType, wide,
                            [Read(dot.A.Buffer, At(dot.A, b, row, k)), Read(dot.B.Buffer, At(dot.B, b, k, column))]));
                    Write(dot.C.Buffer, At(dot.C, b, row, column), Interpreters.Elements.Reduce(PrimitiveKind.ReduceSum, dot.DType, terms));
                }
    }

    private void Run(AttentionStep step)
    {
        var sizes = step.Sizes;
        double Number(AttentionNumber number) => number.Slot < 0 ? number.Value : Interpreters.Elements.Float(scalars[number.Slot]);
        for (long b = 0; b < sizes.Batch; b++)
            for (long head = 0; head < sizes.Heads; head++)
                for (long i = 0; i < sizes.Queries; i++)
                {
                    long At(AttentionOperand operand, long row, long column) =>
                        operand.Offset + (b * operand.BatchStride) + (head * operand.HeadStride) + (row * operand.RowStride) + (column * operand.ColumnStride);
                    double Float(AttentionOperand operand, long row, long column) => Interpreters.Elements.Float(Read(operand.Buffer, At(operand, row, column)));
                    var scores = new double[sizes.Keys];
                    for (long j = 0; j < sizes.Keys; j++)
                    {
                        for (long d = 0; d < sizes.HeadSize; d++) scores[j] += Float(step.Queries, i, d) * Float(step.Keys, j, d);
                        scores[j] = step.IsDivided ? scores[j] / Number(step.Scale) : scores[j] * Number(step.Scale);
                        if (step.Bias is { } bias) scores[j] += Float(bias, i, j);
                        if (step.Mask is not { } mask) continue;
                        var isKept = mask.Places is { } places ? Read(places.Buffer, At(places, i, j)) != 0 == mask.Keeps : j <= i + mask.Diagonal;
                        if (!isKept) scores[j] = Number(mask.Fill);
                    }
                    var most = scores.Max();
                    var weights = scores.Select(score => Math.Exp(score - most)).ToArray();
                    for (long d = 0; d < sizes.ValueSize; d++)
                    {
                        var sum = weights.Select((weight, j) => weight / weights.Sum() * Float(step.Values, j, d)).Sum();
                        Write(step.Result.Buffer, At(step.Result, i, d), Interpreters.Elements.Of(sum, sizes.DType));
                    }
                }
    }

    private long[] Elements(int buffer) => [.. Enumerable.Range(0, (int)program.Buffers[buffer].Type.Shape.ElementCount).Select(i => Read(buffer, i))];

    private long Read(int buffer, long element) => ElementBytes.Read(Memory(buffer), element, program.Buffers[buffer].Type.DType);

    private void Write(int buffer, long element, long bits) => ElementBytes.Write(Memory(buffer), element, program.Buffers[buffer].Type.DType, bits);

    private Span<byte> Memory(int id)
    {
        var buffer = program.Buffers[id];
        return buffer.Kind switch
        {
            BufferKind.Input => inputs[buffer.Slot],
            BufferKind.Output => outputs[buffer.Slot],
            BufferKind.Temporary => workspace.AsSpan((int)buffer.WorkspaceOffset, (int)buffer.Type.ByteSize),
            _ => buffer.Data.ToArray(),
        };
    }

    /// <summary>One point of a kernel: every expression is evaluated at most once, and before anything is stored.</summary>
    private sealed class Point(ProgramInterpreter run, Kernel kernel, long[] index, List<long[]> reduced)
    {
        private readonly Dictionary<int, long> known = [];

        public void Store(IReadOnlyList<KernelStore> stores)
        {
            var results = stores.Select(store => Value(store.Expression)).ToArray();
            for (var i = 0; i < results.Length; i++) run.Write(kernel.Accesses[stores[i].Access].Buffer, Place(kernel.Accesses[stores[i].Access]), results[i]);
        }

        public long Value(int number)
        {
            if (known.TryGetValue(number, out var value)) return value;
            var expression = kernel.Expressions[number];
            return known[number] = expression.Kind switch
            {
                KernelExpressionKind.Load => Load(kernel.Accesses[expression.Index]),
                KernelExpressionKind.Scalar => run.scalars[expression.Index],
                KernelExpressionKind.Constant => expression.Bits,
                KernelExpressionKind.LoopIndex => index[expression.Index],
                KernelExpressionKind.Reduced => reduced[(int)expression.Bits][expression.Index],
                _ => Interpreters.Elements.Apply(expression.Primitive, kernel.Expressions[expression.Operands[0]].DType, expression.DType,
                    [.. expression.Operands.Select(Value)]),
            };
        }

        private long Load(KernelAccess access) => access.Guards.All(guard => index[guard.Loop] >= guard.Low && index[guard.Loop] < guard.High)
            ? run.Read(access.Buffer, Place(access)) : Value(access.Fill);

        private long Place(KernelAccess access) => access.Offset + index.Select((at, loop) => at * access.Strides[loop]).Sum();
    }
}
