using System.Runtime.CompilerServices;
using LazyHost.IR;

namespace LazyHost;

// Without a generator, random operations draw with the seed of the device's step.
public partial class Tensor
{
    private static readonly Operand SeedPlace = Operand.Typed(DType.UInt64, 0);

    /// <summary>Spread evenly over low .. high, without high but for rounding; of equal bits on every backend for one seed.</summary>
    /// <exception cref="InvalidAttributeException">The bounds are not finite, or low is above high.</exception>
    /// <exception cref="DTypeMismatchException">The type is no floating-point type.</exception>
    public static Tensor RandomUniform(Shape shape, Device device, DType type = DType.Float32, double low = 0, double high = 1, Generator? generator = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireRandom(low <= high && double.IsFinite(high - low), $"numbers between {low} and {high}; both bounds must be finite and low not above high", file, line);
        var unit = Draw(device, generator, Operators.RandomUniform.Form, [SeedPlace, SeedPlace], Operators.RandomUniform.Encode(type, shape.Sizes), file, line);
        return unit.Mul(high - low, file, line).Add(low, file, line); // also by 1 and 0: numbers never change a program
    }

    /// <summary>Of the normal distribution with a mean and a standard deviation.</summary>
    /// <exception cref="InvalidAttributeException">The deviation is negative or NaN.</exception>
    /// <exception cref="DTypeMismatchException">The type is no floating-point type.</exception>
    public static Tensor RandomNormal(Shape shape, Device device, DType type = DType.Float32, double mean = 0, double deviation = 1, Generator? generator = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireRandom(deviation >= 0, $"a standard deviation of {deviation}; it must not be negative", file, line);
        var unit = Draw(device, generator, Operators.RandomNormal.Form, [SeedPlace, SeedPlace], Operators.RandomNormal.Encode(type, shape.Sizes), file, line);
        return unit.Mul(deviation, file, line).Add(mean, file, line);
    }

    /// <summary>Of the exponential distribution with a rate, the mean being 1 / rate.</summary>
    /// <exception cref="InvalidAttributeException">The rate is not above 0.</exception>
    /// <exception cref="DTypeMismatchException">The type is no floating-point type.</exception>
    public static Tensor RandomExponential(Shape shape, Device device, DType type = DType.Float32, double rate = 1, Generator? generator = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireRandom(rate > 0, $"a rate of {rate}; it must be above 0", file, line);
        var unit = Draw(device, generator, Operators.RandomExponential.Form, [SeedPlace, SeedPlace], Operators.RandomExponential.Encode(type, shape.Sizes), file, line);
        return unit.Div(rate, file, line);
    }

    /// <summary>Whole numbers from low up to but without high, each as likely; of equal bits on every backend for one seed.</summary>
    /// <exception cref="InvalidAttributeException">There is no number between the bounds, or the type cannot hold them.</exception>
    /// <exception cref="DTypeMismatchException">The type is no integer type.</exception>
    public static Tensor RandomIntegers(Shape shape, long low, long high, Device device, DType type = DType.Int64, Generator? generator = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireRandom(low < high, $"whole numbers from {low} up to but without {high}; low must be below high", file, line);
        RequireRandom(!type.IsInteger() || (Holds(type, low) && Holds(type, high - 1)), $"whole numbers from {low} up to but without {high}, which {type.Name()} cannot hold", file, line);
        return Draw(device, generator, Operators.RandomIntegers.Form, [SeedPlace, SeedPlace, Operand.Typed(DType.Int64, low), Operand.Typed(DType.Int64, high)],
            Operators.RandomIntegers.Encode(type, shape.Sizes), file, line);
    }

    /// <summary>The numbers 0 .. count-1, as i64, in random order; the same on every backend for one seed.</summary>
    /// <exception cref="InvalidAttributeException">The count is negative.</exception>
    public static Tensor RandomPermutation(long count, Device device, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Draw(device, generator, Operators.RandomPermutation.Form, [SeedPlace, SeedPlace], Operators.RandomPermutation.Encode(count), file, line);

    /// <summary>1 with a probability, else 0; the same on every backend for one seed.</summary>
    /// <exception cref="InvalidAttributeException">The probability is not between 0 and 1.</exception>
    public static Tensor Bernoulli(Shape shape, double probability, Device device, DType type = DType.Float32, Generator? generator = null,
        [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(device);
        RequireRandom(probability is >= 0 and <= 1, $"a probability of {probability}; it must be between 0 and 1", file, line);
        var probabilities = Filled(shape, Operand.Typed(DType.Float32, ScalarBits.Of(DType.Float32, probability)), device, file, line);
        return probabilities.Bernoulli(generator, file, line).To(type, file, line);
    }

    /// <summary>1 with the probability that each element of this gives, else 0, in this tensor's element type; NaN gives 0.</summary>
    /// <exception cref="DTypeMismatchException">The elements are no floating-point numbers.</exception>
    public Tensor Bernoulli(Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Draw(Device, generator, Operators.Bernoulli.Form, [this, SeedPlace, SeedPlace], default, file, line);

    /// <summary>Elements set to 0 with a probability, the others divided by what remains.</summary>
    /// <exception cref="InvalidAttributeException">The probability is not at least 0 and below 1.</exception>
    /// <exception cref="DTypeMismatchException">The elements are no floating-point numbers.</exception>
    public Tensor Dropout(double probability, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        RequireRandom(probability is >= 0 and < 1, $"dropout with probability {probability}; it must be at least 0 and below 1", file, line);
        return Draw(Device, generator, Operators.Dropout.Form, [this, SeedPlace, SeedPlace, 1 - probability], default, file, line);
    }

    /// <summary>Records a random operation: its seed and ordinal are parameters of the program, never part of its key. Nothing is drawn where it cannot be recorded.</summary>
    private static Tensor Draw(Device device, Generator? generator, OperatorForm form, Operand[] operands, Attributes attributes, string? file, int line)
    {
        ArgumentNullException.ThrowIfNull(device);
        InferType(form, operands, attributes, file, line);
        try
        {
            foreach (var operand in operands)
                if (operand.Tensor is { } tensor and not TensorView) tensor.Where().Data?.RequirePresent();
        }
        catch (ExpiredValueException e)
        {
            e.At(form.Name, SourceFrames.Site(file, line));
            throw;
        }
        var at = operands[0].Tensor is null ? 0 : 1;
        (operands[at], operands[at + 1]) = device.Engine.FlowTape(device).Draw(generator);
        return Record(device, form, operands, attributes, file, line);
    }

    private static bool Holds(DType type, long number) => ScalarBits.Of(type, number) == number && (type.IsSigned() || number >= 0);

    private static void RequireRandom(bool condition, string message, string? file, int line)
    {
        if (!condition) throw new InvalidAttributeException(message).At(null, file is null ? null : new(file, line));
    }
}
