using LazyHost.Contract;
using LazyHost.IR;
using static LazyHost.Operators.Primitives;

namespace LazyHost.Reference.Tests.Strictness;

/// <summary>Mistakes that backends really make, each of which the suite must see.</summary>
public class WrongFormulaTests
{
    private static readonly Dictionary<string, (Primitive Primitive, Rewrite Rewrite)> Mistakes = new()
    {
        ["maximum drops NaN"] = (Max, (b, o, _) => b.Emit(Select, [b.Emit(Gt, o), o[0], o[1]])),
        ["minimum takes either zero"] = (Min, (b, o, _) => b.Emit(Select, [b.Emit(Or, [b.Emit(Le, o), b.Emit(Ne, [o[0], o[0]])]), o[0], o[1]])),
        ["rounds half up"] = (Round, (b, o, _) => b.Emit(Floor, [b.Emit(Add, [o[0], Splat(b, o[0], 0.5)])])),
        ["floor truncates"] = (Floor, (b, o, _) => b.Emit(Trunc, o)),
        ["sign loses the sign of zero"] = (Sign, (b, o, _) => b.Emit(Add, [b.Emit(Sign, o), Splat(b, o[0], 0)])),
        ["expm1 subtracts"] = (Expm1, (b, o, _) => b.Emit(Sub, [b.Emit(Exp, o), Splat(b, o[0], 1)])),
        ["log1p adds"] = (Log1p, (b, o, _) => b.Emit(Log, [b.Emit(Add, [o[0], Splat(b, o[0], 1)])])),
        ["erf is a tanh"] = (Erf, (b, o, _) => b.Emit(Tanh, [b.Emit(Mul, [o[0], Splat(b, o[0], 1.2)])])),
        ["division by zero gives zero"] = (Div, (b, o, _) => b.Emit(Select, [b.Emit(Eq, [o[1], Splat(b, o[1], 0)]), Splat(b, o[0], 0), b.Emit(Div, o)])),
        ["power by logarithm"] = (Pow, (b, o, _) => b.DTypeOf(o[0]).IsFloat() ? b.Emit(Exp, [b.Emit(Mul, [o[1], b.Emit(Log, [o[0]])])]) : b.Emit(Pow, o)),
        ["shift counts are masked"] = (ShiftLeft, (b, o, _) => b.Emit(ShiftLeft, [o[0], b.Emit(And, [o[1], Splat(b, o[1], (b.DTypeOf(o[1]).Size() * 8) - 1)])])),
        ["negative shift counts shift by nothing"] = (ShiftRight, (b, o, _) => b.Emit(ShiftRight, [o[0], b.Emit(Max, [o[1], Splat(b, o[1], 0)])])),
        ["not equal is less or greater"] = (Ne, (b, o, _) => b.DTypeOf(o[0]) == DType.Bool ? b.Emit(Ne, o) : b.Emit(Or, [b.Emit(Lt, o), b.Emit(Gt, o)])),
        ["casts wrap instead of saturating"] = (Cast, (b, o, a) =>
            b.DTypeOf(o[0]).IsFloat() && ((DType)a.Words[0]).IsInteger() ? b.Emit(Cast, [b.Emit(Cast, o, Attributes.Of(DType.Int64))], a) : b.Emit(Cast, o, a)),
        ["NaN is false"] = (Cast, (b, o, a) => (DType)a.Words[0] == DType.Bool && b.DTypeOf(o[0]).IsFloat()
            ? b.Emit(And, [b.Emit(Cast, o, a), b.Emit(Eq, [o[0], o[0]])]) : b.Emit(Cast, o, a)),
        ["select picks the other"] = (Select, (b, o, _) => b.Emit(Select, [o[0], o[2], o[1]])),
        ["sorting is not stable"] = (Sort, (b, o, a) => Sorted(b, o[0], a)),
        ["the last of equal greatest"] = (ArgMax, (b, o, a) => LastOf(b, ArgMax, o[0], a)),
        ["the last of equal least"] = (ArgMin, (b, o, a) => LastOf(b, ArgMin, o[0], a)),
        ["scatter always writes"] = (Scatter, (b, o, a) => b.Emit(Scatter, o, Attributes.Of(a.Words[0], 0L))),
        ["scatter clamps"] = (ScatterElements, (b, o, a) => b.Emit(ScatterElements, [o[0], b.Emit(Max, [o[1], Splat(b, o[1], 0)]), o[2]], a)),
        ["gather counts from the end"] = (Gather, (b, o, a) => b.Emit(Gather, [o[0], b.Emit(Select,
            [b.Emit(Lt, [o[1], Splat(b, o[1], 0)]), b.Emit(Add, [o[1], Splat(b, o[1], b.ShapeOf(o[0])[(int)a.Words[0]])]), o[1]])], a)),
        ["convolution reverses the filter"] = (Convolution, (b, o, a) => b.Emit(Convolution,
            [o[0], b.Emit(Reverse, [o[1]], Attributes.Of(Enumerable.Range(2, b.ShapeOf(o[1]).Rank - 2).Select(i => (long)i).ToArray()))], a)),
        ["running sums ignore the direction"] = (CumSum, (b, o, a) => b.Emit(CumSum, o, Attributes.Of(a.Words[0], false))),
        ["products of integers saturate"] = (Mul, (b, o, _) => b.DTypeOf(o[0]).Size() > 4 || b.DTypeOf(o[0]).IsFloat() ? b.Emit(Mul, o)
            : b.Emit(Cast, [b.Emit(Mul, [b.Emit(Cast, [o[0]], Attributes.Of(DType.Float64)), b.Emit(Cast, [o[1]], Attributes.Of(DType.Float64))])], Attributes.Of(b.DTypeOf(o[0])))),
    };

    public static TheoryData<string> Names => new(Mistakes.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_wrong_formula_fails_the_cases_of_its_primitive(string name)
    {
        var (primitive, rewrite) = Mistakes[name];
        await using var backend = new RewritingBackend(primitive, rewrite);
        Assert.NotEmpty(await Suite.FailuresAsync(backend, ContractSuite.InGroup(primitive.Name)));
    }

    [Fact]
    public async Task A_failure_names_what_failed()
    {
        await using var backend = new RewritingBackend(Add, (b, o, _) => b.Emit(Sub, o));
        var failures = await Suite.FailuresAsync(backend, ContractSuite.InGroup(Add.Name));
        Assert.StartsWith("prim.add / literal 1 (f32[6], f32[6]): output 0: ", failures[0]);
        Assert.Contains("elements of f32[6] are wrong; at [0] expected 3 but was -1", failures[0]);
    }

    private static Value Splat(GraphBuilder builder, Value like, double value)
    {
        var type = builder.TypeOf(like);
        return builder.Emit(Constant, [], Attributes.Of(type.DType, type.Shape, new[] { type.DType.IsFloat() ? BitConverter.DoubleToInt64Bits(value) : (long)value }));
    }

    // Sorting backwards, from back to front, turns equal elements around.
    private static Value Sorted(GraphBuilder builder, Value x, Attributes attributes)
    {
        var axis = attributes.Words[0];
        var sorted = builder.Emit(Sort, [x], Attributes.Of(axis, attributes.Words[1] == 0));
        var values = builder.Emit(Reverse, [sorted], Attributes.Of(new[] { axis }));
        return builder.Emit(Sort, [values], Attributes.Of(axis, attributes.Words[1] != 0));
    }

    private static Value LastOf(GraphBuilder builder, Primitive form, Value x, Attributes attributes)
    {
        var axis = attributes.Words[0];
        var place = builder.Emit(form, [builder.Emit(Reverse, [x], Attributes.Of(new[] { axis }))], attributes);
        return builder.Emit(Sub, [Splat(builder, place, builder.ShapeOf(x)[(int)axis] - 1), place]);
    }
}
