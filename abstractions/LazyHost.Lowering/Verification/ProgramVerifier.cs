using System.Diagnostics;
using LazyHost.Lowering.Memory;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Verification;

/// <summary>Checks a program: accesses stay inside their buffers, what is read has been written whole and not been overwritten, outputs are written whole.</summary>
public static class ProgramVerifier
{
    /// <summary>Checks a program.</summary>
    /// <exception cref="CompilationException">The program is wrong; the message names the step and buffer.</exception>
    public static void Verify(KernelProgram program)
    {
        var memory = new Contents(program);
        for (var i = 0; i < program.Steps.Count; i++)
        {
            var where = $"step {i}";
            foreach (var buffer in StepBuffers.Reads(program.Steps[i])) memory.RequireWritten(buffer, where);
            memory.Clear(StepBuffers.Writes(program.Steps[i]), StepBuffers.Reads(program.Steps[i]), where);
            switch (program.Steps[i])
            {
                case KernelStep { Kernel: var kernel }:
                    KernelVerifier.Verify(kernel, program.Buffers, where);
                    foreach (var stage in kernel.Stages)
                    {
                        foreach (var store in stage.Stores) memory.Write(kernel.Accesses[store.Access].Buffer, kernel.OuterCount * kernel.InnerCount);
                        foreach (var store in stage.RowStores) memory.Write(kernel.Accesses[store.Access].Buffer, kernel.OuterCount);
                    }
                    break;
                case DotStep dot:
                    RequireInside(program, dot.A, dot.Batch, dot.M, dot.K, where);
                    RequireInside(program, dot.B, dot.Batch, dot.K, dot.N, where);
                    RequireInside(program, dot.C, dot.Batch, dot.M, dot.N, where);
                    memory.Write(dot.C.Buffer, dot.Batch * dot.M * dot.N);
                    break;
                case AttentionStep attention:
                    foreach (var (operand, rows, columns) in attention.Reads) RequireInside(program, operand, attention.Sizes, rows, columns, where);
                    RequireInside(program, attention.Result, attention.Sizes, attention.Sizes.Queries, attention.Sizes.ValueSize, where);
                    memory.Write(attention.Result.Buffer, attention.Sizes.Batch * attention.Sizes.Heads * attention.Sizes.Queries * attention.Sizes.ValueSize);
                    break;
                case PrimitiveStep or OperatorStep:
                    foreach (var buffer in StepBuffers.Writes(program.Steps[i])) memory.Write(buffer, program.Buffers[buffer].Type.Shape.ElementCount);
                    break;
            }
        }
        foreach (var buffer in program.Buffers) if (buffer.Kind == BufferKind.Output) memory.RequireWritten(buffer.Id, "the end");
        foreach (var buffer in program.Buffers)
            if (buffer.Kind == BufferKind.Temporary && (buffer.WorkspaceOffset % WorkspacePlanner.Alignment != 0
                || buffer.WorkspaceOffset + buffer.Type.ByteSize > program.WorkspaceBytes))
                throw new CompilationException(
                    $"buffer {buffer.Id} at {buffer.WorkspaceOffset} is not aligned or not inside the workspace of {program.WorkspaceBytes} bytes");
    }

    /// <summary>Checks a program in Debug builds.</summary>
    [Conditional("DEBUG")]
    internal static void Debug(KernelProgram program) => Verify(program);

    private static void RequireInside(KernelProgram program, MatrixOperand operand, long batch, long rows, long columns, string where)
    {
        if (batch == 0 || rows == 0 || columns == 0) return;
        RequireInside(program, operand.Buffer, operand.Offset, [(batch - 1) * operand.BatchStride, (rows - 1) * operand.RowStride, (columns - 1) * operand.ColumnStride], where);
    }

    private static void RequireInside(KernelProgram program, AttentionOperand operand, AttentionSizes sizes, long rows, long columns, string where) =>
        RequireInside(program, operand.Buffer, operand.Offset,
            [(sizes.Batch - 1) * operand.BatchStride, (sizes.Heads - 1) * operand.HeadStride, (rows - 1) * operand.RowStride, (columns - 1) * operand.ColumnStride], where);

    private static void RequireInside(KernelProgram program, int buffer, long offset, long[] ends, string where)
    {
        var (least, greatest) = (offset + ends.Sum(end => Math.Min(0, end)), offset + ends.Sum(end => Math.Max(0, end)));
        if (least < 0 || greatest >= program.Buffers[buffer].Type.Shape.ElementCount)
            throw new CompilationException($"{where}: a matrix reaches from {least} to {greatest} in {program.Buffers[buffer].Type}");
    }

    // how much of each piece of memory holds a value
    private sealed class Contents(KernelProgram program)
    {
        private readonly Dictionary<(BufferKind Kind, long Place, long Bytes), long> written = [];

        public void RequireWritten(int id, string where)
        {
            var buffer = program.Buffers[id];
            if (buffer.Kind is BufferKind.Input or BufferKind.Constant || buffer.Type.ByteSize == 0) return;
            if (written.GetValueOrDefault(Key(buffer)) != buffer.Type.ByteSize)
                throw new CompilationException(
                    $"{where} reads buffer {id} ({buffer.Type}), of which {written.GetValueOrDefault(Key(buffer))} bytes are written");
        }

        // a whole value that is written again, or memory another buffer comes to lie on, holds nothing any more
        public void Clear(IEnumerable<int> writes, IEnumerable<int> reads, string where)
        {
            var read = reads.Select(id => Key(program.Buffers[id])).ToHashSet();
            foreach (var id in writes.Distinct())
            {
                var (kind, place, bytes) = Key(program.Buffers[id]);
                if (kind is BufferKind.Input or BufferKind.Constant) throw new CompilationException($"{where} writes buffer {id}, which is an {kind}");
                if (kind == BufferKind.Temporary)
                    foreach (var key in written.Keys.Concat(read).Where(key => key.Kind == kind && key != (kind, place, bytes) && key.Place < place + bytes
                        && place < key.Place + key.Bytes).ToList())
                    {
                        if (read.Contains(key)) throw new CompilationException($"{where} writes buffer {id} over one it reads");
                        written.Remove(key);
                    }
                if (written.GetValueOrDefault((kind, place, bytes)) == program.Buffers[id].Type.ByteSize) written.Remove((kind, place, bytes));
            }
        }

        public void Write(int id, long elements)
        {
            var key = Key(program.Buffers[id]);
            written[key] = written.GetValueOrDefault(key) + (elements * program.Buffers[id].Type.DType.Size());
        }

        private static (BufferKind Kind, long Place, long Bytes) Key(ProgramBuffer buffer) => buffer.Kind == BufferKind.Temporary
            ? (buffer.Kind, buffer.WorkspaceOffset, buffer.Type.ByteSize) : (buffer.Kind, buffer.Slot, 0);
    }
}
