using LazyHost.Numerics;

namespace LazyHost;

/// <summary>First values of parameters, drawn on the host from Philox: equal seeds give equal values on every device, and nothing is compiled.</summary>
public static class Initialize
{
    /// <summary>Uniform between two bounds.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The bound above.</param>
    /// <param name="device">The device.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="ordinal">Tells tensors of one seed apart.</param>
    public static Tensor Uniform(Shape shape, double low, double high, Device device, ulong seed, ulong ordinal = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var values = new float[shape.ElementCount];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(low + ((high - low) * Philox.Uniform(seed, ordinal, (ulong)i)));
        return Tensor.From(values, shape, device);
    }

    /// <summary>Normal with a mean and a standard deviation (Box-Muller).</summary>
    public static Tensor Normal(Shape shape, double mean, double deviation, Device device, ulong seed, ulong ordinal = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var values = new float[shape.ElementCount];
        for (var i = 0; i < values.Length; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - Philox.Uniform(seed, ordinal, (ulong)i * 2)));
            values[i] = (float)(mean + (deviation * radius * Math.Cos(2 * Math.PI * Philox.Uniform(seed, ordinal, ((ulong)i * 2) + 1))));
        }
        return Tensor.From(values, shape, device);
    }
}
