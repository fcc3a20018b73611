namespace LazyHost;

/// <summary>An axis outside -rank .. rank-1.</summary>
public class AxisOutOfRangeException : LazyHostException
{
    /// <summary>Makes the error for an axis of a shape.</summary>
    public AxisOutOfRangeException(long axis, Shape shape)
        : base(shape.Rank == 0 ? $"axis {axis} of a scalar: it has no axes" : $"axis {axis} is out of range for shape {shape}: use {-shape.Rank} to {shape.Rank - 1}")
    {
        Axis = axis;
        Shape = shape;
    }

    /// <summary>The axis that was asked for.</summary>
    public long Axis { get; }

    /// <summary>The shape it was asked of.</summary>
    public Shape Shape { get; }
}
