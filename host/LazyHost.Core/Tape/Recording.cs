using System.Runtime.CompilerServices;
using LazyHost.IR;

namespace LazyHost;

/// <summary>The arrays a segment is recorded into, with the canonical encoding written along. Pooled: they outlive no segment.</summary>
internal sealed class Recording
{
    private const long OperandCountShift = 32, AttributeShift = 40;

    public TapeNode[] Nodes = new TapeNode[64];
    public int Count;
    public Value[] Operands = new Value[128];
    public int OperandCount;
    public long[] Encoding = new long[256];
    public int EncodingLength;
    public readonly List<long> Scalars = [];
    public readonly List<DeviceData> Inputs = [];
    public readonly List<Tensor?> InputTensors = [];
    public readonly Dictionary<object, int> InputNodes = new(ReferenceEqualityComparer.Instance);
    public readonly List<VariableUpdate> Variables = [];
    public readonly Dictionary<Value, TensorType> ExtraOutputs = [];
    public readonly Dictionary<int, Parameter> Leaves = [];

    /// <summary>The tape it is used by; weak, since a flow may be dropped in the middle of a segment.</summary>
    public readonly WeakReference<Tape> Owner = new(null!);

    /// <summary>The roots of the segment being closed.</summary>
    public readonly List<Value> Roots = [];
    private object? lastInput;
    private DeviceData? lastData;
    private int lastInputNode;

    public ref TapeNode Add(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes, TensorType type)
    {
        if (Count == Nodes.Length) Array.Resize(ref Nodes, Count * 2);
        if (OperandCount + operands.Length > Operands.Length) Array.Resize(ref Operands, Math.Max(Operands.Length * 2, OperandCount + operands.Length));
        ref var node = ref Nodes[Count++];
        node = new() { Form = form, Attributes = attributes, Shape = type.Shape, DType = type.DType, Operands = OperandCount, OperandCount = operands.Length, Slot = -1 };
        operands.CopyTo(Operands.AsSpan(OperandCount));
        OperandCount += operands.Length;
        Encode(form, operands, attributes);
        return ref node;
    }

    public int AddScalar(DType type, long bits)
    {
        ref var node = ref Add(InputForms.Scalar, [], default, new(type, Shape.Scalar));
        node.Slot = Scalars.Count;
        Scalars.Add(bits);
        Append((long)type);
        return Count - 1;
    }

    /// <summary>The parameter node of a value; <paramref name="tensor"/> is its handle where it may need a gradient.</summary>
    public int Input(DeviceData data, Tensor? tensor)
    {
        object key = tensor is { RequiresGrad: true } ? tensor : data;
        if (ReferenceEquals(key, lastInput) && ReferenceEquals(data, lastData)) return lastInputNode;
        // A tensor may have been given another value since it was first used: then it is another input.
        if (!InputNodes.TryGetValue(key, out var index) || Inputs[Nodes[index].Slot] != data)
        {
            ref var node = ref Add(InputForms.Parameter, [], default, data.Type);
            node.Slot = Inputs.Count;
            if (tensor is { RequiresGrad: true }) node.Flags = NodeFlags.RequiresGrad;
            data.Pin();
            Inputs.Add(data);
            InputTensors.Add(tensor);
            Append((long)data.Type.DType | ((long)data.Type.Shape.Rank << 8));
            foreach (var size in data.Type.Shape.Sizes) Append(size);
            InputNodes[key] = index = Count - 1;
        }
        (lastInput, lastData, lastInputNode) = (key, data, index);
        return index;
    }

    public ReadOnlySpan<Value> OperandsOf(in TapeNode node) => Operands.AsSpan(node.Operands, node.OperandCount);

    public TensorType TypeOf(Value value) => value.Output == 0 ? Nodes[value.Node].Type : ExtraOutputs[value];

    /// <summary>Makes the arrays ready for another segment. Buffers pinned by inputs are the caller's to release.</summary>
    public void Clear()
    {
        Array.Clear(Nodes, 0, Count);
        (Count, OperandCount, EncodingLength, lastInput, lastData) = (0, 0, 0, null, null);
        Scalars.Clear();
        Inputs.Clear();
        InputTensors.Clear();
        InputNodes.Clear();
        Variables.Clear();
        ExtraOutputs.Clear();
        Leaves.Clear();
        Roots.Clear();
        Owner.SetTarget(null!);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(long word)
    {
        if (EncodingLength == Encoding.Length) Array.Resize(ref Encoding, EncodingLength * 2);
        Encoding[EncodingLength++] = word;
    }

    private void Encode(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var words = attributes.Words;
        Append((uint)form.Id | ((long)operands.Length << (int)OperandCountShift) | ((long)words.Length << (int)AttributeShift));
        foreach (var operand in operands) Append((uint)operand.Node | ((long)operand.Output << 32));
        foreach (var word in words) Append(word);
    }
}
