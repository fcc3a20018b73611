using System.Numerics;
using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>What primitives need of the numbers they compute with: binary64 or 128-bit integers.</summary>
internal abstract class Arithmetic<T> where T : struct, INumber<T>
{
    /// <summary>The least value of the element type: the greatest of none.</summary>
    public abstract T Least { get; }

    /// <summary>The greatest value of the element type: the least of none.</summary>
    public abstract T Greatest { get; }

    public abstract T[] Load(HostTensor tensor);

    public abstract HostTensor Store(TensorType type, T[] values);

    public abstract T Unary(PrimitiveKind kind, T x);

    public abstract T Binary(PrimitiveKind kind, T a, T b);

    /// <summary>The comparisons; with NaN all are false but Ne.</summary>
    public static bool Compare(PrimitiveKind kind, T a, T b) => kind switch
    {
        PrimitiveKind.Eq => a == b,
        PrimitiveKind.Ne => a != b,
        PrimitiveKind.Lt => a < b,
        PrimitiveKind.Le => a <= b,
        PrimitiveKind.Gt => a > b,
        PrimitiveKind.Ge => a >= b,
        _ => throw new UnsupportedOperatorException($"{kind} is no comparison"),
    };

    /// <summary>Orders with NaN above all, equal to itself; -0 equals +0.</summary>
    public static int Order(T a, T b) => T.IsNaN(a) || T.IsNaN(b) ? T.IsNaN(a).CompareTo(T.IsNaN(b)) : a < b ? -1 : a > b ? 1 : 0;

    /// <summary>Folds by Add, Mul, Max, Min, And or Or; where a fold of nothing begins.</summary>
    public T Identity(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.Add or PrimitiveKind.Or => T.Zero,
        PrimitiveKind.Mul => T.One,
        PrimitiveKind.Max => Least,
        PrimitiveKind.Min => Greatest,
        PrimitiveKind.And => -T.One,
        _ => throw new UnsupportedOperatorException($"{kind} does not fold"),
    };
}
