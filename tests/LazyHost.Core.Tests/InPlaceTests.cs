using System.Reflection;
using LazyHost.Operators;

namespace LazyHost.Tests;

/// <summary>Operations whose result is written to their first operand.</summary>
public sealed class InPlaceTests
{
    private static IEnumerable<MethodInfo> Methods => typeof(Tensor).GetMethods().Where(m => m.Name.EndsWith("InPlace", StringComparison.Ordinal) && m.Name != "DropoutInPlace");

    [Fact]
    public void EveryElementwiseOperationOutOfPlaceHasOneInPlace()
    {
        var outOfPlace = typeof(Tensor).GetMethods().Where(m => !m.IsStatic && m.ReturnType == typeof(Tensor) && OperatorCatalog.All.Any(f => f is UnaryForm or BinaryForm && f.GetType().Name == m.Name));
        Assert.Subset(Methods.Select(m => m.Name).ToHashSet(), outOfPlace.Select(m => m.Name + "InPlace").ToHashSet());
        Assert.True(outOfPlace.Count() > 35);
    }

    [Fact]
    public async Task EachWritesWhatTheOperationGives()
    {
        await using var lazy = new TestEngine();
        float[] values = [-1.5f, 0.25f, 0, 2, 0.5f, 3];
        foreach (var method in Methods)
        {
            var x = Tensor.From(values, [2, 3], lazy.Device);
            var y = lazy.Tensor(0.5f, 2, 3);
            var condition = Tensor.From([true, false, true], [3], lazy.Device);
            object?[] Arguments(MethodInfo of) => [.. of.GetParameters().Select(p => p.ParameterType == typeof(Operand) ? (p.Name == "low" ? (Operand)(-1) : p.Name == "high" ? (Operand)1.5 : y) :
                p.ParameterType == typeof(Tensor) ? condition : p.DefaultValue)];
            var outOfPlace = typeof(Tensor).GetMethod(method.Name[..^"InPlace".Length], [.. method.GetParameters().Select(p => p.ParameterType)])!;
            var expected = ((Tensor)outOfPlace.Invoke(x, Arguments(outOfPlace))!).To(DType.Float32).ToArray<float>();
            Assert.Same(x, method.Invoke(x, Arguments(method)));
            Assert.Equal(new(DType.Float32, [2, 3]), x.Type);
            Assert.Equal(expected, x.ToArray<float>());
        }
    }

    [Fact]
    public async Task TypesAreKeptWhereTheyCanHoldTheResult()
    {
        await using var lazy = new TestEngine();
        var integers = Tensor.From([7L, 8], [2], lazy.Device);
        var bytes = Tensor.From<byte>([200, 3], [2], lazy.Device);
        var flags = Tensor.From([true, false], [2], lazy.Device);
        var halves = Tensor.From([(Half)1, (Half)2], [2], lazy.Device);
        Assert.Equal([9L, 10], integers.AddInPlace(2L).ToArray<long>());
        Assert.Equal([209, 13], bytes.AddInPlace(integers).ToArray<byte>().Select(b => (int)b));
        Assert.Equal([(Half)10, (Half)12], halves.AddInPlace(integers.To(DType.Float64)).ToArray<Half>());
        Assert.Equal([1L, 0], integers.EqInPlace(9L).ToArray<long>());
        Assert.Equal([false, true], flags.LogicalNotInPlace().ToArray<bool>());
        Refused<DTypeMismatchException>(integers, "i64[2]", x => x.AddInPlace(0.5));
        Refused<DTypeMismatchException>(integers, "f32[2]", x => x.DivInPlace(2L));
        Refused<DTypeMismatchException>(integers, "f32[2]", x => x.ExpInPlace());
        Refused<DTypeMismatchException>(flags, "i64[2]", x => x.AddInPlace(integers));
    }

    [Fact]
    public async Task ShapesMustBroadcastIntoTheTarget()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        Refused<ShapeMismatchException>(x, "f32[2, 2]", t => t.AddInPlace(Tensor.Ones([2, 2], lazy.Device)));
        Refused<ShapeMismatchException>(x, "[3]", t => t.MulInPlace(lazy.Tensor(1, 2, 3)));
        Refused<ShapeMismatchException>(x, "f32[2, 2]", t => t.ClampInPlace(Tensor.Ones([2, 1], lazy.Device), 5));
        Assert.Equal([2f, 4f], x.MulInPlace(Tensor.Scalar(2f, lazy.Device)).ToArray<float>());
    }

    [Fact]
    public async Task StepsOfInPlaceOperationsCompileOnce()
    {
        await using var lazy = new TestEngine();
        var average = Tensor.Zeros([4], lazy.Device);
        for (var step = 0; step < 5; step++)
        {
            average.MulInPlace(0.5).AddInPlace(Tensor.Full([4], step, lazy.Device) * 0.5);
            lazy.Device.MarkStep();
        }
        Assert.Equal([3.0625f, 3.0625f, 3.0625f, 3.0625f], average.ToArray<float>());
        Assert.Equal(1, lazy.Compiles);
    }

    // the error leaves the value, and what is recorded, as they were
    private static void Refused<T>(Tensor x, string named, Func<Tensor, Tensor> write) where T : LazyHostException
    {
        var before = x.ToBytesAsync().Result;
        var error = Assert.Throws<T>(() => write(x));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("InPlaceTests.cs", error.CallSite?.File, StringComparison.Ordinal);
        Assert.Equal(before, x.ToBytesAsync().Result);
    }
}
