using System.Buffers.Binary;
using LazyHost.IR;
using LazyHost.Lowering.Fuse;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Kernels;

/// <summary>The buffers of a program while it is built. First the inputs by slot, then the outputs by root, then the rest as steps come to need them.</summary>
internal sealed class BufferTable
{
    private readonly FusionPlan plan;
    private readonly List<ProgramBuffer> buffers = [];
    private readonly List<int> storage = [];
    private readonly Dictionary<int, int> byValue = [];
    private readonly Dictionary<(int Storage, TensorType Type), int> views = [];
    private readonly int firstOutput;

    public BufferTable(Graph graph, FusionPlan plan)
    {
        this.plan = plan;
        for (var slot = 0; slot < graph.Parameters.Count; slot++) Add(BufferKind.Input, slot, graph.Parameters[slot], default);
        firstOutput = buffers.Count;
        for (var slot = 0; slot < graph.Roots.Length; slot++) Add(BufferKind.Output, slot, graph.TypeOf(graph.Roots[slot]), default);
    }

    public IReadOnlyList<ProgramBuffer> Buffers => buffers;

    /// <summary>For each buffer, the first buffer that is the same memory.</summary>
    public IReadOnlyList<int> Storage => storage;

    /// <summary>The buffer of a value.</summary>
    public int Of(int value)
    {
        if (byValue.TryGetValue(value, out var buffer)) return buffer;
        var node = plan.Values.Definition(value);
        if (plan.Values.Stored(value) is var stored && stored != value) buffer = Of(stored);
        else if (node.Form == InputForms.Parameter) buffer = (int)node.Int(0);
        else if (plan.Values.IsBuffer(value)) buffer = Add(BufferKind.Constant, 0, node.Type, Bytes(node));
        else if (plan.OutputSlot[value] is >= 0 and var slot) buffer = firstOutput + slot;
        else buffer = Add(BufferKind.Temporary, 0, plan.Values.TypeOf(value), default);
        return byValue[value] = buffer;
    }

    /// <summary>The buffer a sink stores to: that of a value, or beyond the values that of a root.</summary>
    public int Target(int target) => target < plan.Values.Count ? Of(target) : firstOutput + target - plan.Values.Count;

    /// <summary>The buffer of a value under the type a library call sees: another view of the same memory where a reshape lies between.</summary>
    public int Of(int value, TensorType type)
    {
        var buffer = Of(value);
        if (buffers[buffer].Type.Shape.Equals(type.Shape)) return buffer;
        if (views.TryGetValue((buffer, type), out var view)) return view;
        view = Add(buffers[buffer].Kind, buffers[buffer].Slot, type, buffers[buffer].Data);
        storage[view] = buffer;
        return views[(buffer, type)] = view;
    }

    private int Add(BufferKind kind, int slot, TensorType type, ReadOnlyMemory<byte> data)
    {
        buffers.Add(new(buffers.Count, kind, slot, type, 0, data));
        storage.Add(buffers.Count - 1);
        return buffers.Count - 1;
    }

    private static byte[] Bytes(Node node)
    {
        var type = node.Type.DType;
        var elements = node.Ints(2);
        var bytes = new byte[node.Type.ByteSize];
        for (var i = 0; i < elements.Length; i++)
        {
            var bits = elements[i];
            var number = BitConverter.Int64BitsToDouble(bits);
            var to = bytes.AsSpan(i * type.Size());
            switch (type)
            {
                case DType.Float64: BinaryPrimitives.WriteDoubleLittleEndian(to, number); break;
                case DType.Float32: BinaryPrimitives.WriteSingleLittleEndian(to, (float)number); break;
                case DType.Float16: BinaryPrimitives.WriteHalfLittleEndian(to, (Half)number); break;
                case DType.BFloat16: BinaryPrimitives.WriteUInt16LittleEndian(to, ((BFloat16)number).Bits); break;
                default:
                    for (var k = 0; k < type.Size(); k++) to[k] = (byte)(bits >> (8 * k));
                    break;
            }
        }
        return bytes;
    }
}
