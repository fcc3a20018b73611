using System.Numerics;

namespace LazyHost.Simd.Tests;

/// <summary>Numbers with 320 bits after the point, and functions of them by their series: far more exact than what they judge.</summary>
internal readonly record struct BigMath(BigInteger Bits)
{
    private const int Point = 320;

    private static readonly BigMath One = new(BigInteger.One << Point);

    public static BigMath operator +(BigMath a, BigMath b) => new(a.Bits + b.Bits);

    public static BigMath operator -(BigMath a, BigMath b) => new(a.Bits - b.Bits);

    public static BigMath operator *(BigMath a, BigMath b) => new((a.Bits * b.Bits) >> Point);

    public static BigMath operator /(BigMath a, BigMath b) => new((a.Bits << Point) / b.Bits);

    public static implicit operator BigMath(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        var shift = Point + Math.Max(1, exponent) - 1075;
        var size = shift >= 0 ? (BigInteger)mantissa << shift : (BigInteger)mantissa >> -shift;
        return new(value < 0 ? -size : size);
    }

    public static explicit operator double(BigMath value)
    {
        var size = BigInteger.Abs(value.Bits);
        var shift = Math.Max(0, (int)size.GetBitLength() - 64);
        var number = Math.ScaleB((double)(ulong)(size >> shift), shift - Point);
        return value.Bits.Sign < 0 ? -number : number;
    }

    public static BigMath Evaluate(string name, BigMath x) => name switch
    {
        "prim.exp" => Exp(x),
        "prim.expm1" => Exp(x) - One,
        "prim.log" => Log(x),
        "prim.log1p" => Log(One + x),
        "prim.sin" => Alternating(x, x),
        "prim.cos" => Alternating(x, One),
        "prim.tanh" => (Exp(x + x) - One) / (Exp(x + x) + One),
        "prim.erf" => Erf(x),
        _ => throw new ArgumentException(name),
    };

    private static BigMath Exp(BigMath x)
    {
        const int Halvings = 16;
        var small = new BigMath(x.Bits >> Halvings);
        var (sum, term) = (One, One);
        for (var n = 1; !term.Bits.IsZero && n < 200; n++) sum += term = new((term * small).Bits / n);
        for (var i = 0; i < Halvings; i++) sum *= sum;
        return sum;
    }

    /// <summary>Newton's steps from the double's logarithm: each doubles the digits.</summary>
    private static BigMath Log(BigMath x)
    {
        BigMath y = Math.Log((double)x);
        for (var i = 0; i < 3; i++) y += (x / Exp(y)) - One;
        return y;
    }

    /// <summary>Sine from x, cosine from 1: each term is the one before times -x^2 / (n (n + 1)).</summary>
    private static BigMath Alternating(BigMath x, BigMath first)
    {
        var (sum, term, square) = (first, first, x * x);
        for (var n = first == One ? 1 : 2; !term.Bits.IsZero && n < 8000; n += 2) sum += term = new(-(term * square).Bits / ((BigInteger)n * (n + 1)));
        return sum;
    }

    private static BigMath Erf(BigMath x)
    {
        if ((double)x is > 12 or < -12) return (double)x > 0 ? One : new(-One.Bits);
        // 2 / sqrt(pi) x e^(-x^2) sum of (2 x^2)^n / (1 3 5 ...): every term has the same sign.
        var (sum, term, square) = (One, One, x * x);
        for (var n = 1; !term.Bits.IsZero && n < 4000; n++) sum += term = new((term * (square + square)).Bits / ((2 * n) + 1));
        return Slope * x * sum / Exp(square);
    }

    /// <summary>2 / sqrt(pi), by Newton's steps on 1 / y^2 = pi / 4 with Machin's pi.</summary>
    private static BigMath Slope
    {
        get
        {
            var pi = new BigMath((16 * ArcCotangent(5).Bits) - (4 * ArcCotangent(239).Bits));
            BigMath y = 1.1283791670955126;
            for (var i = 0; i < 4; i++) y += y * (One - (y * y * pi / 4.0)) / 2.0;
            return y;
        }
    }

    private static BigMath ArcCotangent(int n)
    {
        var power = One.Bits / n;
        var sum = power;
        for (var k = 3; !power.IsZero; k += 2)
        {
            power = -power / (n * n);
            sum += power / k;
        }
        return new(sum);
    }
}
