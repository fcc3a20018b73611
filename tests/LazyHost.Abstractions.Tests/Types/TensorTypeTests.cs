namespace LazyHost.Abstractions.Tests.Types;

public class TensorTypeTests
{
    [Fact]
    public void Parts_are_replaced_and_compared()
    {
        var type = new TensorType(DType.Float32, [2, 3]);
        Assert.Equal(24, type.ByteSize);
        Assert.Equal(new(DType.Int8, [2, 3]), type.With(DType.Int8));
        Assert.Equal(new(DType.Float32, [6]), type.With([6]));
        Assert.Equal("f32[2, 3]", type.ToString()); // what it was made with is as it was
        Assert.Equal(type, new TensorType(DType.Float32, [2, 3]));
        Assert.NotEqual(type, new TensorType(DType.Float64, [2, 3]));
        Assert.NotEqual(type, new TensorType(DType.Float32, [3, 2]));
        Assert.Equal(0, type.With([2, 0]).ByteSize);
        Assert.Equal("bool[]", new TensorType(DType.Bool, Shape.Scalar).ToString());
    }

    [Fact]
    public void Sizes_outside_the_rank_are_refused()
    {
        Shape shape = [2, 3];
        Assert.Equal((2, 3L), (shape.Rank, shape[1]));
        Assert.Throws<IndexOutOfRangeException>(() => shape[2]);
        Assert.Throws<IndexOutOfRangeException>(() => shape[-1]);
        Assert.Throws<IndexOutOfRangeException>(() => Shape.Scalar[0]);
        Assert.Throws<IndexOutOfRangeException>(() => shape.Dim(2));
    }
}
