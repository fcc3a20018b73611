using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

public sealed class ElementwiseTests
{
    public static TheoryData<string, DType> Cases
    {
        get
        {
            var data = new TheoryData<string, DType>();
            foreach (var primitive in Primitives.All)
                if (primitive.Kind is >= PrimitiveKind.Neg and <= PrimitiveKind.Select)
                    foreach (var type in primitive.DTypes) data.Add(primitive.Name, type);
            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task EveryPrimitiveAgreesWithTheReference(string name, DType type)
    {
        var primitive = Primitives.All.First(p => p.Name == name);
        var random = new Random(7);
        foreach (var width in (int[])[512, 0])
        {
            await using var simd = new SimdBackend(new(2, width));
            foreach (var size in (long[])[1, 37, 211])
            {
                var builder = new GraphBuilder();
                var operands = new Value[primitive.OperandCount.Least];
                var inputs = new byte[operands.Length][];
                for (var i = 0; i < operands.Length; i++)
                {
                    var operand = new TensorType(primitive.Kind == PrimitiveKind.Select && i == 0 ? DType.Bool : type, [size]);
                    operands[i] = builder.Parameter(operand);
                    inputs[i] = Elements.Random(random, operand);
                }
                builder.AddRoot(builder.Emit(primitive, operands));
                Runner.Compare(simd, builder.Build(), inputs, type.IsFloat() ? TolerancesOf(primitive.Kind, type) : null);
            }
        }
    }

    [Theory, CombinatorialTypes]
    public async Task EveryCastAgreesWithTheReference(DType from, DType to)
    {
        var random = new Random(11);
        foreach (var width in (int[])[512, 256, 0])
        {
            await using var simd = new SimdBackend(new(1, width));
            var builder = new GraphBuilder();
            var type = new TensorType(from, [133]);
            builder.AddRoot(builder.Emit(Primitives.Cast, [builder.Parameter(type)], Attributes.Of(to)));
            Runner.Compare(simd, builder.Build(), [Elements.Random(random, type, scale: 300)], Tolerance.Exact);
            if (from.Size() != to.Size() || from == DType.Bool || to == DType.Bool) continue;
            builder = new();
            builder.AddRoot(builder.Emit(Primitives.Bitcast, [builder.Parameter(type)], Attributes.Of(to)));
            Runner.Compare(simd, builder.Build(), [Elements.Random(random, type, scale: 300)], Tolerance.Exact);
        }
    }

    private static Tolerance TolerancesOf(PrimitiveKind kind, DType type) => kind switch
    {
        PrimitiveKind.Sin or PrimitiveKind.Cos or PrimitiveKind.Pow or PrimitiveKind.Exp or PrimitiveKind.Expm1 => Tolerance.Default(type).Times(2),
        _ => Tolerance.Default(type),
    };
}
