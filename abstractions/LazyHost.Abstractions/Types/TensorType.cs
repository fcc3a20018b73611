namespace LazyHost;

/// <summary>What is known of a tensor before it has a value: element type and shape.</summary>
public readonly record struct TensorType(DType DType, Shape Shape)
{
    /// <summary>The size of the elements, packed row by row, in bytes.</summary>
    public long ByteSize => Shape.ElementCount * DType.Size();

    /// <summary>The same shape with another element type.</summary>
    public TensorType With(DType type) => new(type, Shape);

    /// <summary>The same element type with another shape.</summary>
    public TensorType With(Shape shape) => new(DType, shape);

    /// <summary>Text such as <c>f32[2, 3]</c>.</summary>
    public override string ToString() => DType.Name() + Shape;
}
