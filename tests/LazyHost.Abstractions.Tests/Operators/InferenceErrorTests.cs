using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>Operands and attributes that cannot be taken: the error's type, and what its message must name.</summary>
public class InferenceErrorTests
{
    private static readonly TensorType X = new(DType.Float32, [2, 3]);

    [Fact]
    public void Shapes_that_do_not_broadcast() => Fails<ShapeMismatchException>(["[2, 3]", "[4, 3]", "-2"], Add.Form, default, X, F32(4, 3));

    [Fact]
    public void Sizes_that_cannot_be_multiplied()
    {
        Fails<ShapeMismatchException>(["f32[2, 3]", "f32[2, 3]"], MatMul.Form, default, X, X);
        Fails<ShapeMismatchException>(["f32[]", "mul"], MatMul.Form, default, F32(), X);
        Fails<ShapeMismatchException>(["f32[2, 1, 3]", "f32[4, 3, 1]"], MatMul.Form, default, F32(2, 1, 3), F32(4, 3, 1));
    }

    [Fact]
    public void Element_types_that_are_not_taken()
    {
        Fails<DTypeMismatchException>(["bool"], Neg.Form, default, new TensorType(DType.Bool, [2]));
        Fails<DTypeMismatchException>(["i64", "f32"], Softmax.Form, Softmax.Encode(0), new TensorType(DType.Int64, [2]));
        Fails<DTypeMismatchException>(["condition", "f32[2, 3]"], Where.Form, default, X, X, X);
        Fails<DTypeMismatchException>(["f32"], IndexSelect.Form, IndexSelect.Encode(0), X, F32(2));
        Fails<DTypeMismatchException>(["seed", "i64[]"], RandomUniform.Form, RandomUniform.Encode(DType.Float32, [2]), new(DType.Int64, []),
            new(DType.UInt64, []));
        Fails<DTypeMismatchException>(["i32"], RandomUniform.Form, RandomUniform.Encode(DType.Int32, [2]), new(DType.UInt64, []), new(DType.UInt64, []));
        Fails<DTypeMismatchException>(["keep", "f32[1]"], Dropout.Form, default, X, new(DType.UInt64, []), new(DType.UInt64, []), F32(1));
    }

    [Fact]
    public void Axes_out_of_range()
    {
        Fails<AxisOutOfRangeException>(["2", "[2, 3]"], Sum.Form, Sum.Encode([2]), X);
        Fails<AxisOutOfRangeException>(["-3", "[2, 3]"], Softmax.Form, Softmax.Encode(-3), X);
        Fails<AxisOutOfRangeException>(["5", "[2, 3]"], Transpose.Form, Transpose.Encode(0, 5), X);
        Fails<AxisOutOfRangeException>(["scalar"], ArgMax.Form, ArgMax.Encode(0), F32());
        Fails<InvalidAttributeException>(["4", "[2, 3]"], Unsqueeze.Form, Unsqueeze.Encode(4), X);
        Fails<InvalidAttributeException>(["3", "[2, 3]"], Stack.Form, Stack.Encode(3), X, X);
    }

    [Fact]
    public void Axes_named_twice()
    {
        Fails<InvalidAttributeException>(["axis 1", "[1, -1]"], Sum.Form, Sum.Encode([1, -1]), X);
        Fails<InvalidAttributeException>(["axis 0"], Permute.Form, Permute.Encode(0, 0), X);
        Fails<InvalidAttributeException>(["axis -2"], Slice.Form, Slice.Encode([0, -2], [0, 0], [1, 1], [1, 1]), X);
    }

    [Fact]
    public void Nothing_to_choose_from()
    {
        Fails<ShapeMismatchException>(["axis 1", "f32[2, 0]"], Max.Form, Max.Encode([1]), F32(2, 0));
        Fails<ShapeMismatchException>(["axis -1", "f32[2, 0]"], ArgMin.Form, ArgMin.Encode(-1), F32(2, 0));
        Fails<ShapeMismatchException>(["f32[0, 3]"], IndexSelect.Form, IndexSelect.Encode(0), F32(0, 3), new(DType.Int64, [1]));
    }

    [Fact]
    public void Sizes_that_do_not_fit()
    {
        Fails<ShapeMismatchException>(["[2, 3]", "[4, 2]"], Reshape.Form, Reshape.Encode(4, 2), X);
        Fails<ShapeMismatchException>(["[2, 3]", "[4, -1]"], Reshape.Form, Reshape.Encode(4, -1), X);
        Fails<InvalidAttributeException>(["[-1, -1]"], Reshape.Form, Reshape.Encode(-1, -1), X);
        Fails<ShapeMismatchException>(["[2, 3]", "[3, 3]"], BroadcastTo.Form, BroadcastTo.Encode(3, 3), X);
        Fails<ShapeMismatchException>(["f32[2, 3]", "f32[3, 2]"], Concat.Form, Concat.Encode(0), X, F32(3, 2));
        Fails<ShapeMismatchException>(["f32[2, 3]", "f32[2]"], Stack.Form, Stack.Encode(), X, F32(2));
        Fails<ShapeMismatchException>(["f32[2, 3]"], Pad.Form, Pad.Encode([0, -2], [0, -2]), X, F32());
        Fails<InvalidAttributeException>(["step -1"], Slice.Form, Slice.Encode([0], [0], [2], [-1]), X);
        Fails<ShapeMismatchException>(["i64[3, 1]", "f32[2, 3]"], Gather.Form, Gather.Encode(1), X, new(DType.Int64, [3, 1]));
        Fails<ShapeMismatchException>(["[4]"], Full.Form, Full.Encode(2), F32(4));
    }

    [Fact]
    public void Views_that_do_not_fit()
    {
        Fails<InvalidAttributeException>(["[1, 2]", "element 7", "[2, 3]", "6"], AsStrided.Form, AsStrided.Encode([2, 3], [4, 1], 1), X);
        Fails<InvalidAttributeException>(["element 0", "[0]"], AsStrided.Form, AsStrided.Encode([], []), F32(0));
        Fails<InvalidAttributeException>(["[0, 9223372036854775806]", "element 85070591730234615838173535747377725442"], AsStrided.Form,
            AsStrided.Encode([1, long.MaxValue], [1, long.MaxValue]), X);
        Fails<InvalidAttributeException>(["strides [-1]"], AsStrided.Form, AsStrided.Encode([2], [-1], 1), X);
        Fails<InvalidAttributeException>(["sizes [-2]"], AsStrided.Form, AsStrided.Encode([-2], [1]), X);
        Fails<InvalidAttributeException>(["offset -1"], AsStrided.Form, AsStrided.Encode([2], [1], -1), X);
        Fails<InvalidAttributeException>(["2 sizes", "1 strides"], AsStrided.Form, AsStrided.Encode([2, 1], [1]), X);
        Fails<InvalidAttributeException>(["twice", "overlap", "[2, 2]", "[1, 1]"], AsStridedScatter.Form, AsStrided.Encode([2, 2], [1, 1]), X, F32(2, 2));
        Fails<InvalidAttributeException>(["twice"], AsStridedScatter.Form, AsStrided.Encode([2], [0]), X, F32(2));
        Fails<InvalidAttributeException>(["axes 1 and -1"], Diagonal.Form, Diagonal.Encode(0, 1, -1), X);
        Fails<AxisOutOfRangeException>(["2", "[2, 3]"], Diagonal.Form, Diagonal.Encode(0, 0, 2), X);
        Fails<ShapeMismatchException>(["f32[3]", "f32[2, 3]", "f32[2, 1]"], SliceScatter.Form, SliceScatter.Encode([0, 1], [0, 0], [2, 1], [1, 1]), X, F32(3));
        Fails<ShapeMismatchException>(["f32[2]", "f32[1]"], DiagonalScatter.Form, Diagonal.Encode(), X, F32(1));
        Fails<DTypeMismatchException>(["i64[2]", "f32[2, 3]"], DiagonalScatter.Form, Diagonal.Encode(), X, new(DType.Int64, [2]));
        Fails<AxisOutOfRangeException>(["2", "[2, 3]"], Sort.Form, Sort.Encode(2), X);
        Fails<AxisOutOfRangeException>(["scalar"], ArgSort.Form, Sort.Encode(), F32());
        Fails<InvalidAttributeException>(["count is -1"], RandomPermutation.Form, RandomPermutation.Encode(-1), new(DType.UInt64, []), new(DType.UInt64, []));
    }

    [Fact]
    public void Convolutions_that_do_not_fit()
    {
        var attributes = Convolution.Encode([1, 1], [0, 0], [1, 1]);
        Fails<ShapeMismatchException>(["f32[1, 3, 5, 5]", "f32[4, 2, 3, 3]"], Convolution.Form, attributes, F32(1, 3, 5, 5), F32(4, 2, 3, 3));
        Fails<ShapeMismatchException>(["f32[1, 2, 2, 5]", "f32[4, 2, 3, 3]", "dimension 2"], Convolution.Form, attributes, F32(1, 2, 2, 5), F32(4, 2, 3, 3));
        Fails<ShapeMismatchException>(["f32[3]", "f32[4, 2, 3, 3]"], Convolution.Form, attributes, F32(1, 2, 5, 5), F32(4, 2, 3, 3), F32(3));
        Fails<InvalidAttributeException>(["3 strides"], Convolution.Form, attributes, F32(1, 2, 5, 5, 5), F32(4, 2, 3, 3, 3));
        Fails<ShapeMismatchException>(["3 filters", "2 groups"], Convolution.Form, Convolution.Encode([1, 1], [0, 0], [1, 1], 2), F32(1, 4, 5, 5),
            F32(3, 2, 3, 3));
        Fails<ShapeMismatchException>(["f32[1, 1, 2]", "kernel of 3"], MaxPool.Form, MaxPool.Encode([3], [1], [0]), F32(1, 1, 2));
        Fails<InvalidAttributeException>(["padding 2"], MaxPool.Form, MaxPool.Encode([2], [1], [2]), F32(1, 1, 9));
    }

    [Fact]
    public void Attentions_that_do_not_fit()
    {
        var (form, attributes) = (ScaledDotProductAttention.Form, ScaledDotProductAttention.Encode());
        Fails<ShapeMismatchException>(["f32[2, 3]", "f32[5, 4]", "columns"], form, attributes, X, F32(5, 4), F32(5, 3));
        Fails<ShapeMismatchException>(["f32[5, 3]", "f32[4, 3]", "rows"], form, attributes, X, F32(5, 3), F32(4, 3));
        Fails<ShapeMismatchException>(["f32[3]", "two dimensions"], form, attributes, X, F32(3), F32(3));
        Fails<ShapeMismatchException>(["[2, 2, 3]", "[3, 5, 3]", "leading"], form, attributes, F32(2, 2, 3), F32(3, 5, 3), F32(5, 3));
        Fails<DTypeMismatchException>(["f32[2, 3]", "f64[5, 3]"], form, attributes, X, new(DType.Float64, [5, 3]), F32(5, 3));
        Fails<DTypeMismatchException>(["i32[2, 5]", "bool"], form, attributes, X, F32(5, 3), F32(5, 3), new(DType.Int32, [2, 5]));
        Fails<ShapeMismatchException>(["f32[4, 2, 5]", "[2, 5]"], form, attributes, X, F32(5, 3), F32(5, 3), F32(4, 2, 5));
        Fails<InvalidAttributeException>(["causal"], form, ScaledDotProductAttention.Encode(true), X, F32(5, 3), F32(5, 3), F32(2, 5));
    }

    [Fact]
    public void Parameters_that_do_not_fit()
    {
        Fails<ShapeMismatchException>(["f32[2]", "[3]"], LayerNorm.Form, LayerNorm.Encode(), X, F32(2));
        Fails<InvalidAttributeException>(["3", "f32[2, 3]"], LayerNorm.Form, LayerNorm.Encode(3), X);
        Fails<ShapeMismatchException>(["f32[2]", "3 channels"], BatchNorm.Form, BatchNorm.Encode(), X, F32(2));
        Fails<ShapeMismatchException>(["i64[3]", "f32[2, 3]"], CrossEntropy.Form, CrossEntropy.Encode(), X, new(DType.Int64, [3]));
    }

    [Fact]
    public void Words_that_are_none_of_the_choices()
    {
        Fails<InvalidAttributeException>(["\"relu\"", "tanh"], Gelu.Form, Gelu.Encode("relu"), X);
        Fails<InvalidAttributeException>(["\"avg\"", "mean"], CrossEntropy.Form, CrossEntropy.Encode("avg"), X, new(DType.Int64, [2]));
        Fails<InvalidAttributeException>(["99"], Cast.Form, Attributes.Of(99), X);
    }

    [Fact]
    public void A_builder_names_the_operator_and_the_call_site()
    {
        var builder = new GraphBuilder { CallSite = new("Model.cs", 7) };
        var (a, b) = (builder.Parameter(X), builder.Parameter(F32(4, 3)));
        var nodes = builder.Nodes.Count;
        var error = Assert.Throws<ShapeMismatchException>(() => builder.Add(a, b));
        Assert.Equal("add", error.Operator);
        Assert.StartsWith("add: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("(at Model.cs:7)", error.Message, StringComparison.Ordinal);
        Assert.Equal(nodes, builder.Nodes.Count);
        Assert.Throws<InvalidAttributeException>(() => builder.Emit(Add.Form, [a]));
    }

    private static TensorType F32(params long[] sizes) => new(DType.Float32, Shape.Create(sizes));

    private static void Fails<T>(string[] named, OperatorForm form, Attributes attributes, params TensorType[] operands) where T : LazyHostException
    {
        var error = Assert.Throws<T>(() => form.Infer(new InferenceContext(form, operands, attributes), new TensorType[form.OutputCount]));
        Assert.All(named, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
