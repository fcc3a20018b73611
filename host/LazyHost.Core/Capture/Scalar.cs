using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// A number that may change between runs of a captured function, which looks it up anew on every run: a learning rate, a temperature. Other numbers are
/// frozen when a function is captured. Outside captured functions it counts as its value when the operation is recorded.
/// </summary>
public sealed class Scalar : LiveNumber
{
    private const int None = -1;

    private readonly int argument = None;
    private readonly Func<double>? read;
    private double value;

    /// <summary>A number that is changed by setting <see cref="Value"/>.</summary>
    public Scalar(double value) => this.value = value;

    /// <summary>A number that is asked for when an operation is recorded and on every run of a captured function; from the thread that does so.</summary>
    public Scalar(Func<double> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        this.read = read;
    }

    private Scalar((int Index, bool IsArgument) argument) => this.argument = argument.Index;

    /// <summary>The number.</summary>
    /// <exception cref="CaptureException">It is an argument of the function that is being captured: its value is known only when that runs. Or it is set, but is
    /// asked from a function.</exception>
    public double Value
    {
        get => argument == None ? read?.Invoke() ?? Volatile.Read(ref value)
            : throw new CaptureException($"the value of scalar argument {argument} was asked for while its function is captured, which would freeze it; use the Scalar itself in operations");
        set
        {
            if (argument != None || read is not null) throw new CaptureException("the value of a Scalar that is an argument, or that is asked from a function, cannot be set");
            Volatile.Write(ref this.value, value);
        }
    }

    /// <summary>An argument of a captured function, while it is captured.</summary>
    internal static Scalar Argument(int index) => new((index, true));

    /// <summary>Its value where an operation is recorded; of an argument, any.</summary>
    internal double AtRecording => argument == None ? Value : 0;

    /// <summary>Product with a tensor.</summary>
    public static Tensor operator *(Tensor a, Scalar b) => Tensor.Apply(Operators.Mul.Form, [a, b], default, null, 0);

    /// <summary>Product with a tensor.</summary>
    public static Tensor operator *(Scalar a, Tensor b) => Tensor.Apply(Operators.Mul.Form, [a, b], default, null, 0);

    /// <summary>Sum with a tensor.</summary>
    public static Tensor operator +(Tensor a, Scalar b) => Tensor.Apply(Operators.Add.Form, [a, b], default, null, 0);

    /// <summary>Sum with a tensor.</summary>
    public static Tensor operator +(Scalar a, Tensor b) => Tensor.Apply(Operators.Add.Form, [a, b], default, null, 0);

    /// <summary>Difference with a tensor.</summary>
    public static Tensor operator -(Tensor a, Scalar b) => Tensor.Apply(Operators.Sub.Form, [a, b], default, null, 0);

    /// <summary>Difference with a tensor.</summary>
    public static Tensor operator -(Scalar a, Tensor b) => Tensor.Apply(Operators.Sub.Form, [a, b], default, null, 0);

    /// <summary>Quotient with a tensor.</summary>
    public static Tensor operator /(Tensor a, Scalar b) => Tensor.Apply(Operators.Div.Form, [a, b], default, null, 0);

    /// <summary>Quotient with a tensor.</summary>
    public static Tensor operator /(Scalar a, Tensor b) => Tensor.Apply(Operators.Div.Form, [a, b], default, null, 0);

    internal override void Write(Span<long> scalars, int slot, DType type, in ReplayNumbers numbers) =>
        scalars[slot] = ScalarBits.Of(type, argument == None ? Value : numbers.Arguments[argument]);
}
