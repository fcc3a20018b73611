namespace LazyHost.IR;

/// <summary>
/// Everything there is to know of an operator, in one place: its name, operands, attributes, dtype and shape rule, gradient, decomposition, sample inputs and
/// tolerance. Stateless; one instance each, known by reference while the process lives and by name in files.
/// </summary>
public abstract class OperatorForm
{
    /// <summary>Makes a form.</summary>
    protected OperatorForm(string name, params AttributeSpec[] attributes)
    {
        Name = name;
        Attributes = attributes;
        Id = OperatorIds.Next();
    }

    /// <summary>The name in dumps, keys and errors.</summary>
    public string Name { get; }

    /// <summary>The attributes, in the order they are encoded.</summary>
    public IReadOnlyList<AttributeSpec> Attributes { get; }

    /// <summary>A number unique in this process, for keys that live as long as it does.</summary>
    public int Id { get; }

    /// <summary>The least and greatest number of operands.</summary>
    public abstract (int Least, int Most) OperandCount { get; }

    /// <summary>The number of outputs.</summary>
    public virtual int OutputCount => 1;

    /// <summary>True when equal operands always give equal results, so that equal nodes may be computed once.</summary>
    public virtual bool IsPure => true;

    /// <summary>The element types that the first operand may have.</summary>
    public virtual IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <summary>The types of the outputs.</summary>
    /// <exception cref="LazyHostException">The operands or attributes cannot be taken; thrown before anything is recorded.</exception>
    public abstract void Infer(in InferenceContext context, Span<TensorType> outputs);

    /// <summary>Rewrites the operator in terms of simpler operators, in the end primitives. Not called for primitives.</summary>
    /// <returns>One value for each output.</returns>
    public virtual Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        throw new UnsupportedOperatorException($"operator {Name} has no decomposition; only a backend that takes it whole can run it");

    /// <summary>True when <see cref="Gradient"/> is defined.</summary>
    public virtual bool IsDifferentiable => false;

    /// <summary>Emits the gradient of each operand that needs one.</summary>
    public virtual void Gradient(GradientContext context) => throw new GradientException($"operator {Name} has no gradient");

    /// <summary>
    /// What the first operand becomes when <paramref name="written"/> is written to a view that this operator made of it; null where the result is no view,
    /// or one that cannot be written to because several of its elements are one element of the operand.
    /// </summary>
    /// <param name="builder">Takes the operators that work it out.</param>
    /// <param name="viewed">The operand as it is.</param>
    /// <param name="written">The new value of the view, of the type of this operator's result.</param>
    /// <param name="attributes">The attributes the view was made with.</param>
    public virtual Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) => null;

    /// <summary>Inputs that test the operator in one element type, one for each shape class it can take.</summary>
    public virtual IEnumerable<OperatorSample> Samples(DType type) => [];

    /// <summary>How far a backend's result in this element type may be from the exact one.</summary>
    public virtual Tolerance Tolerance(DType type) => IR.Tolerance.Default(type);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
