using CsCheck;
using LazyHost.IR;

namespace LazyHost.Abstractions.Tests.IR;

public class AttributesTests
{
    private static readonly AttributeSpec[] Specs =
    [
        new("first", AttributeKind.Ints), new("text", AttributeKind.Text), new("number", AttributeKind.Int), new("flag", AttributeKind.Bool),
        new("real", AttributeKind.Float), new("type", AttributeKind.DType), new("last", AttributeKind.Ints),
    ];

    [Fact]
    public void Every_kind_is_read_back() =>
        Gen.Select(Gen.Long.Array[0, 5], Gen.String[0, 20], Gen.Long, Gen.Bool, Gen.Double, Gen.Enum<DType>(), Gen.Long.Array[0, 5])
            .Sample((first, text, number, flag, real, type, last) =>
            {
                // Lone surrogates have no UTF-8.
                text = new string([.. text.Where(c => !char.IsSurrogate(c))]);
                var attributes = Attributes.Of(first, text, number, flag, real, type, last);
                Assert.Equal(first, attributes.Ints(Specs, 0).ToArray());
                Assert.Equal(text, attributes.Text(Specs, 1));
                Assert.Equal(number, attributes.Int(Specs, 2));
                Assert.Equal(flag, attributes.Bool(Specs, 3));
                Assert.Equal(BitConverter.DoubleToInt64Bits(real), BitConverter.DoubleToInt64Bits(attributes.Float(Specs, 4)));
                Assert.Equal(type, attributes.DType(Specs, 5));
                Assert.Equal(last, attributes.Ints(Specs, 6).ToArray());
                var copy = Attributes.FromWords(attributes.Words);
                Assert.Equal(attributes, copy);
                Assert.Equal(attributes.GetHashCode(), copy.GetHashCode());
            });

    [Fact]
    public void Different_values_have_different_encodings()
    {
        Assert.NotEqual(Attributes.Of(new long[] { 1, 2 }, new long[] { 3 }), Attributes.Of(new long[] { 1 }, new long[] { 2, 3 }));
        Assert.NotEqual(Attributes.Of("a"), Attributes.Of("a\0"));
        Assert.NotEqual(Attributes.Of(0.0), Attributes.Of(-0.0));
        Assert.True(default(Attributes).IsEmpty);
        Assert.Equal(default, Attributes.Of());
    }

    [Fact]
    public void Text_names_every_attribute() =>
        Assert.Equal("first=[1, 2], text=\"mean\", number=-3, flag=true, real=0.1, type=bf16, last=[]",
            Attributes.Of(new long[] { 1, 2 }, "mean", -3, true, 0.1, DType.BFloat16, Array.Empty<long>()).ToString(Specs));
}
