using System.Runtime.CompilerServices;

namespace LazyHost;

// Every element of this tensor is written anew; its shape and element type stay. Each returns this tensor.
public partial class Tensor
{
    /// <summary>Sets every element to one number, converted to the element type, or to the only element of a tensor without dimensions.</summary>
    /// <exception cref="ShapeMismatchException">The value is a tensor with dimensions.</exception>
    public Tensor Fill(Operand value, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Assign(Filled(Shape, value.Tensor is null ? value.As(DType) : value, Device, file, line), file, line);

    /// <summary>Sets every element to 0.</summary>
    public Tensor Zero([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Assign(Record(Device, Operators.Zeros.Form, [], Operators.FillForm.Encode(DType, Shape.Sizes), file, line), file, line);

    /// <summary>Draws every element evenly from low .. high.</summary>
    /// <inheritdoc cref="RandomUniform" path="/exception"/>
    public Tensor FillUniform(double low = 0, double high = 1, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Assign(RandomUniform(Shape, Device, DType, low, high, generator, file, line), file, line);

    /// <summary>Draws every element from a normal distribution.</summary>
    /// <inheritdoc cref="RandomNormal" path="/exception"/>
    public Tensor FillNormal(double mean = 0, double deviation = 1, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Assign(RandomNormal(Shape, Device, DType, mean, deviation, generator, file, line), file, line);

    /// <summary>Draws every element from an exponential distribution.</summary>
    /// <inheritdoc cref="RandomExponential" path="/exception"/>
    public Tensor FillExponential(double rate = 1, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Assign(RandomExponential(Shape, Device, DType, rate, generator, file, line), file, line);

    /// <summary>Sets every element to 1 with a probability, else to 0.</summary>
    /// <exception cref="InvalidAttributeException">The probability is not between 0 and 1.</exception>
    public Tensor FillBernoulli(double probability, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Assign(Bernoulli(Shape, probability, Device, DType, generator, file, line), file, line);

    /// <summary>Sets every element to 1 with the probability that another tensor gives for it, else to 0.</summary>
    /// <exception cref="ShapeMismatchException">The probabilities do not broadcast to this shape.</exception>
    public Tensor FillBernoulli(Tensor probabilities, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var each = probabilities.Shape.Equals(Shape) ? probabilities : probabilities.BroadcastTo(Shape, file, line);
        return Assign(each.Bernoulli(generator, file, line), file, line);
    }

    /// <summary>Draws whole numbers from low up to but without high.</summary>
    /// <inheritdoc cref="RandomIntegers" path="/exception"/>
    public Tensor FillIntegers(long low, long high, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Assign(RandomIntegers(Shape, low, high, Device, DType.IsInteger() ? DType : DType.Int64, generator, file, line), file, line);

    /// <summary>One number, of a type of its own, for all elements.</summary>
    private static Tensor Filled(Shape shape, Operand value, Device device, string? file, int line) =>
        value.Tensor is null ? Record(device, Operators.Full.Form, [value], Operators.Full.Encode(shape.Sizes), file, line)
            : Apply(Operators.Full.Form, [value], Operators.Full.Encode(shape.Sizes), file, line);
}
