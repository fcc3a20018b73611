using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Uniform in [0, 1): equal bits on every backend for one seed.</summary>
    public static Tensor RandomUniform(Shape shape, Device device, DType type = DType.Float32, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Record(device, Operators.RandomUniform.Form, Random(device), Operators.RandomUniform.Encode(type, shape.Sizes), file, line);

    /// <summary>Normal with mean 0 and deviation 1.</summary>
    public static Tensor RandomNormal(Shape shape, Device device, DType type = DType.Float32, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Record(device, Operators.RandomNormal.Form, Random(device), Operators.RandomNormal.Encode(type, shape.Sizes), file, line);

    /// <summary>Elements set to 0 with a probability, the others divided by what remains.</summary>
    public Tensor Dropout(double probability, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        if (probability is not (>= 0 and < 1)) throw new InvalidAttributeException($"dropout with probability {probability}; it must be at least 0 and below 1");
        return Record(Device, Operators.Dropout.Form, [this, .. Random(Device), 1 - probability], default, file, line);
    }

    /// <summary>The seed and the ordinal of one random operation: parameters of the program, never part of its key.</summary>
    private static Operand[] Random(Device device)
    {
        var (seed, ordinal) = device.Context.NextRandom();
        return [Operand.Typed(DType.UInt64, (long)seed), Operand.Typed(DType.UInt64, (long)ordinal)];
    }
}
