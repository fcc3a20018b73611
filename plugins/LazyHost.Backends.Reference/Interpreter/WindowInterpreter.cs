using System.Numerics;
using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Folds over a sliding window, and the way back from a window's maximum. Padding holds the identity: it is never looked at.</summary>
internal static class WindowInterpreter
{
    public static HostTensor Reduce(Node node, HostTensor x) =>
        x.DType.IsFloat() ? Reduce(new FloatArithmetic(), node, x) : Reduce(new IntegerArithmetic(x.DType), node, x);

    public static HostTensor SelectAndScatter(Node node, HostTensor x, HostTensor source)
    {
        var values = x.Doubles();
        var gradients = source.Doubles();
        var results = new double[values.Length];
        var window = new Window(x.Shape, source.Shape, node.Ints(0), node.Ints(1), node.Ints(2));
        for (var i = 0; i < gradients.Length; i++)
        {
            long best = -1;
            foreach (var place in window.Places(i))
                if (best < 0 || Arithmetic<double>.Order(values[place], values[best]) > 0) best = place;
            if (best >= 0) results[best] += gradients[i];
        }
        return new FloatArithmetic().Store(node.Type, results);
    }

    private static HostTensor Reduce<T>(Arithmetic<T> arithmetic, Node node, HostTensor x) where T : struct, INumber<T>
    {
        var values = arithmetic.Load(x);
        var fold = node.Int(0) switch { 0 => PrimitiveKind.Add, 1 => PrimitiveKind.Max, _ => PrimitiveKind.Min };
        var results = new T[node.Type.Shape.ElementCount];
        var window = new Window(x.Shape, node.Type.Shape, node.Ints(1), node.Ints(2), node.Ints(3));
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = arithmetic.Identity(fold);
            foreach (var place in window.Places(i)) results[i] = arithmetic.Binary(fold, results[i], values[place]);
        }
        return arithmetic.Store(node.Type, results);
    }
}
