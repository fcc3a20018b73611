using LazyHost.IR;

namespace LazyHost.Backends;

/// <summary>The memory that one run of an <see cref="IHostKernel"/> reads and writes: packed elements in row-major order. Numbers are operands of one element.</summary>
public readonly ref struct HostKernelArguments
{
    private readonly IReadOnlyList<AttributeSpec> specs;
    private readonly ReadOnlySpan<nint> inputs, outputs;

    /// <summary>Called by backends.</summary>
    /// <param name="query">The operator with attributes and types.</param>
    /// <param name="inputs">The address of each operand.</param>
    /// <param name="outputs">The address of each result, which holds unknown bytes.</param>
    public HostKernelArguments(in OperatorQuery query, ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        (specs, Attributes) = (query.Form.Attributes, query.Attributes);
        this.inputs = inputs;
        this.outputs = outputs;
        Operands = query.Operands;
        Outputs = query.Outputs;
    }

    /// <summary>The attributes as encoded.</summary>
    public Attributes Attributes { get; }

    /// <summary>The types of the operands.</summary>
    public ReadOnlySpan<TensorType> Operands { get; }

    /// <summary>The types of the results.</summary>
    public ReadOnlySpan<TensorType> Outputs { get; }

    /// <summary>The elements of an operand.</summary>
    /// <exception cref="DTypeMismatchException">They are of another type than <typeparamref name="T"/>.</exception>
    public unsafe ReadOnlySpan<T> Input<T>(int operand) where T : unmanaged => new((void*)inputs[operand], Count<T>("operand", operand, Operands[operand]));

    /// <summary>The elements of a result, to be written.</summary>
    /// <exception cref="DTypeMismatchException">They are of another type than <typeparamref name="T"/>.</exception>
    public unsafe Span<T> Output<T>(int output) where T : unmanaged => new((void*)outputs[output], Count<T>("result", output, Outputs[output]));

    /// <summary>The number at position <paramref name="index"/> of the attributes.</summary>
    public long Int(int index) => Attributes.Int(specs, index);

    /// <summary>The list at position <paramref name="index"/>.</summary>
    public ReadOnlySpan<long> Ints(int index) => Attributes.Ints(specs, index);

    /// <summary>The flag at position <paramref name="index"/>.</summary>
    public bool Bool(int index) => Attributes.Bool(specs, index);

    /// <summary>The floating-point number at position <paramref name="index"/>.</summary>
    public double Float(int index) => Attributes.Float(specs, index);

    private static int Count<T>(string what, int index, TensorType type) where T : unmanaged => DTypes.Of<T>() == type.DType ? checked((int)type.Shape.ElementCount)
        : throw new DTypeMismatchException($"{what} {index} is {type}, but was taken as {typeof(T).Name}");
}
