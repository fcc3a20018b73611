using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LazyHost.IR;

namespace LazyHost;

/// <summary>The arrays a segment is recorded into, with the canonical encoding written along. Pooled: they outlive no segment.</summary>
internal sealed class Recording
{
    private const int OperandCountShift = 32;

    public TapeNode[] Nodes = new TapeNode[64];
    public int Count;
    public Value[] Operands = new Value[128];
    public int OperandCount;
    public long[] Encoding = new long[256];
    public int EncodingLength;
    public readonly List<long> Scalars = [];
    public readonly List<DeviceData> Inputs = [];

    /// <summary>By input: where its gradients go, a <see cref="Parameter"/> or a <see cref="Computed"/>, or null where it needs none.</summary>
    public readonly List<object?> InputOrigins = [];

    public readonly Dictionary<object, int> InputNodes = new(ReferenceEqualityComparer.Instance);
    public readonly List<VariableUpdate> Variables = [];
    public readonly Dictionary<Value, TensorType> ExtraOutputs = [];
    public readonly Dictionary<int, Parameter> Leaves = [];

    /// <summary>True where a tensor marked as varying in size is used in it.</summary>
    public bool AnySize;

    /// <summary>What is learned of the function that is captured in it, or null.</summary>
    public Capture? Capture;

    /// <summary>What the host changed with it: undone, as variables are put back, when it is thrown away or its step fails.</summary>
    public readonly UndoLog Changes = new();

    /// <summary>The tape it is used by, or null.</summary>
    public Tape? Owner;

    /// <summary>This, for a list that does not keep it.</summary>
    public readonly WeakReference<Recording> Self;

    /// <summary>The named scope that the last node was recorded in, or null.</summary>
    public IrScope? Scope { get; private set; }

    /// <summary>The roots of the segment being closed.</summary>
    public readonly List<Value> Roots = [];
    private readonly List<(int From, IrScope? Scope)> scopes = [];
    private object? lastInput;
    private DeviceData? lastData;
    private int lastInputNode;

    public Recording() => Self = new(this);

    /// <summary>Its flow was dropped in the middle of a segment: values it has pinned may be held by others.</summary>
    ~Recording()
    {
        foreach (var input in Inputs) input.Unpin();
    }

    public ref TapeNode Add(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes, TensorType type)
    {
        if (Count == Nodes.Length) Array.Resize(ref Nodes, Count * 2);
        if (OperandCount + operands.Length > Operands.Length) Array.Resize(ref Operands, Math.Max(Operands.Length * 2, OperandCount + operands.Length));
        // The rest of it was cleared when it was last used.
        ref var node = ref Nodes[Count++];
        node.Form = form;
        node.Attributes = attributes;
        node.Shape = type.Shape;
        node.DType = type.DType;
        (node.Operands, node.OperandCount, node.Slot) = (OperandCount, operands.Length, -1);
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

    /// <summary>The scalar node of a number, which a function that is captured here looks up on every run where it may change.</summary>
    public int AddNumber(in Operand number, DType type)
    {
        var node = AddScalar(type, number.Bits(type));
        if (number.Live is { } live) Capture?.Numbers.Add((Scalars.Count - 1, type, live));
        return node;
    }

    /// <summary>The parameter node of a value; <paramref name="origin"/> is where its gradients go, or null.</summary>
    /// <exception cref="ExpiredValueException">The value is gone.</exception>
    public int Input(DeviceData data, object? origin)
    {
        var key = origin ?? data;
        if (ReferenceEquals(key, lastInput) && ReferenceEquals(data, lastData)) return lastInputNode;
        // A tensor may have been given another value since it was first used: then it is another input.
        if (!InputNodes.TryGetValue(key, out var index) || Inputs[Nodes[index].Slot] != data)
        {
            data.RequirePresent();
            if (!data.Pin() && data.Managed is null)
            {
                data.Unpin();
                data.RequirePresent();
            }
            ref var node = ref Add(InputForms.Parameter, [], default, data.Type);
            node.Slot = Inputs.Count;
            if (origin is not null) node.Flags = NodeFlags.RequiresGrad;
            data.IsOverwritable = false;
            Inputs.Add(data);
            InputOrigins.Add(origin);
            Append(data.Type);
            InputNodes[key] = index = Count - 1;
        }
        (lastInput, lastData, lastInputNode) = (key, data, index);
        return index;
    }

    /// <summary>The parameter node of an input that a captured function is given when it runs.</summary>
    public int CapturedInput(Device device, TensorType type, Parameter? origin)
    {
        ref var node = ref Add(InputForms.Parameter, [], default, type);
        node.Slot = Inputs.Count;
        if (origin is not null) node.Flags = NodeFlags.RequiresGrad;
        var none = DeviceData.FromManaged(device, type, []);
        none.Pin();
        Inputs.Add(none);
        InputOrigins.Add(origin);
        Append(type);
        return Count - 1;
    }

    /// <summary>The nodes that follow are recorded in another scope.</summary>
    public void Enter(IrScope? scope)
    {
        scopes.Add((Count, scope));
        Scope = scope;
    }

    /// <summary>Where a node was recorded, or null where nothing is known of it.</summary>
    public CallSite? SiteOf(int node)
    {
        ref var at = ref Nodes[node];
        var scope = scopes.Count == 0 || at.Form == InputForms.Parameter || at.Form == InputForms.Scalar ? null : scopes.FindLast(s => s.From <= node).Scope?.Path;
        return at.File is null or "" && scope is null ? null : new CallSite(at.File ?? "", at.Line, scope);
    }

    /// <summary>How far the recording has come, to go back there.</summary>
    public RecordingMark Mark() => new(Count, OperandCount, EncodingLength, Scalars.Count, Inputs.Count, AnySize);

    /// <summary>Takes off what was recorded since.</summary>
    public void Undo(RecordingMark mark)
    {
        Capture?.Undo(mark);
        for (var i = Inputs.Count - 1; i >= mark.Inputs; i--)
        {
            InputNodes.Remove(InputOrigins[i] ?? Inputs[i]);
            Inputs[i].Unpin();
        }
        Inputs.RemoveRange(mark.Inputs, Inputs.Count - mark.Inputs);
        InputOrigins.RemoveRange(mark.Inputs, InputOrigins.Count - mark.Inputs);
        Scalars.RemoveRange(mark.Scalars, Scalars.Count - mark.Scalars);
        foreach (var (value, _) in ExtraOutputs)
            if (value.Node >= mark.Nodes) ExtraOutputs.Remove(value);
        foreach (var (node, _) in Leaves)
            if (node >= mark.Nodes) Leaves.Remove(node);
        if (scopes.Count > 0 && scopes[^1].From > mark.Nodes) scopes[^1] = (mark.Nodes, Scope);
        Array.Clear(Nodes, mark.Nodes, Count - mark.Nodes);
        (Count, OperandCount, EncodingLength, AnySize, lastInput, lastData) = (mark.Nodes, mark.Operands, mark.Encoding, mark.AnySize, null, null);
    }

    /// <summary>Marks a value as used by another. Its handle is let go of, so that in a long segment those nobody holds die young.</summary>
    public void Consume(Value value)
    {
        ref var node = ref Nodes[value.Node];
        node.Flags |= NodeFlags.Consumed;
        if ((node.Flags & NodeFlags.Asked) == 0) node.Handle = null;
    }

    /// <summary>Marks a value as one that must be computed, for a tensor that stands for it.</summary>
    public void Ask(Value value, Tensor tensor)
    {
        ref var node = ref Nodes[value.Node];
        if ((node.Flags & NodeFlags.Asked) != 0 && node.Handle != tensor) node.Flags |= NodeFlags.Several;
        node.Flags |= NodeFlags.Asked;
        if (value.Output == 0) node.Handle = tensor;
    }

    public ReadOnlySpan<Value> OperandsOf(in TapeNode node) => Operands.AsSpan(node.Operands, node.OperandCount);

    public TensorType TypeOf(Value value) => value.Output == 0 ? Nodes[value.Node].Type : ExtraOutputs[value];

    /// <summary>Lets go of the inputs of a segment that is not recorded to its end.</summary>
    public void Release()
    {
        foreach (var input in Inputs) input.Unpin();
        Clear();
    }

    /// <summary>Makes the arrays ready for another segment. Buffers pinned by inputs are the caller's to release.</summary>
    public void Clear()
    {
        Array.Clear(Nodes, 0, Count);
        (Count, OperandCount, EncodingLength, AnySize, lastInput, lastData) = (0, 0, 0, false, null, null);
        Scalars.Clear();
        Inputs.Clear();
        InputOrigins.Clear();
        InputNodes.Clear();
        Variables.Clear();
        ExtraOutputs.Clear();
        Leaves.Clear();
        Changes.Clear();
        Roots.Clear();
        scopes.Clear();
        Scope = null;
        Owner = null;
        Capture = null;
    }

    private void Append(TensorType type)
    {
        Append((long)type.DType | ((long)type.Shape.Rank << 8));
        foreach (var size in type.Shape.Sizes) Append(size);
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
        var length = 1 + operands.Length + words.Length;
        if (EncodingLength + length > Encoding.Length) Array.Resize(ref Encoding, Math.Max(Encoding.Length * 2, EncodingLength + length));
        var to = Encoding.AsSpan(EncodingLength, length);
        to[0] = (uint)form.Id | ((long)operands.Length << OperandCountShift); // the form says where its attributes end
        // A value is two ints: its node below, its output above.
        MemoryMarshal.Cast<Value, long>(operands).CopyTo(to[1..]);
        words.CopyTo(to[(1 + operands.Length)..]);
        EncodingLength += length;
    }
}
