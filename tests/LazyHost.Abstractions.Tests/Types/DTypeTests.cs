using CsCheck;

namespace LazyHost.Abstractions.Tests.Types;

public class DTypeTests
{
    private static readonly Gen<DType> Any = Gen.Enum<DType>();

    // Rows and columns: bool u8 i8 u16 i16 u32 i32 u64 i64 f16 bf16 f32 f64.
    private static readonly string[] Table =
    [
        "bool u8   i8   u16  i16  u32  i32  u64  i64  f16  bf16 f32  f64",
        "u8   u8   i16  u16  i16  u32  i32  u64  i64  f16  bf16 f32  f64",
        "i8   i16  i8   i32  i16  i64  i32  f32  i64  f16  bf16 f32  f64",
        "u16  u16  i32  u16  i32  u32  i32  u64  i64  f16  bf16 f32  f64",
        "i16  i16  i16  i32  i16  i64  i32  f32  i64  f16  bf16 f32  f64",
        "u32  u32  i64  u32  i64  u32  i64  u64  i64  f16  bf16 f32  f64",
        "i32  i32  i32  i32  i32  i64  i32  f32  i64  f16  bf16 f32  f64",
        "u64  u64  f32  u64  f32  u64  f32  u64  f32  f16  bf16 f32  f64",
        "i64  i64  i64  i64  i64  i64  i64  f32  i64  f16  bf16 f32  f64",
        "f16  f16  f16  f16  f16  f16  f16  f16  f16  f16  f32  f32  f64",
        "bf16 bf16 bf16 bf16 bf16 bf16 bf16 bf16 bf16 f32  bf16 f32  f64",
        "f32  f32  f32  f32  f32  f32  f32  f32  f32  f32  f32  f32  f64",
        "f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64",
    ];

    [Fact]
    public void Promotion_follows_the_table()
    {
        foreach (var a in DTypes.All)
        {
            var row = Table[(int)a].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var b in DTypes.All) Assert.True(row[(int)b] == DTypes.Promote(a, b).Name(),
                $"{a.Name()} with {b.Name()} gives {DTypes.Promote(a, b).Name()}");
        }
    }

    [Fact]
    public void Promotion_commutes_and_repeats() =>
        Gen.Select(Any, Any).Sample((a, b) =>
        {
            var common = DTypes.Promote(a, b);
            Assert.Equal(common, DTypes.Promote(b, a));
            Assert.Equal(a, DTypes.Promote(a, a));
            if (common != DType.Float32) Assert.Equal(common, DTypes.Promote(common, b));
        });

    [Fact]
    public void Names_sizes_and_kinds()
    {
        foreach (var type in DTypes.All)
        {
            Assert.Equal(type, DTypes.Parse(type.Name()));
            Assert.Equal(type.Name() switch { "bool" => 1, var name => int.Parse(name.TrimStart('b', 'f', 'i', 'u')) / 8 }, type.Size());
            Assert.Equal(1, (type.IsFloat() ? 1 : 0) + (type.IsInteger() ? 1 : 0) + (type == DType.Bool ? 1 : 0));
            Assert.Equal(type.Name()[0] is not ('u' or 'b') || type == DType.BFloat16, type.IsSigned());
        }
        Assert.Null(DTypes.Parse("float"));
        Assert.Equal(DType.Float32, DType.BFloat16.ComputeType());
        Assert.Equal(DType.Float64, DType.Float64.ComputeType());
    }

    [Fact]
    public void NET_types()
    {
        Assert.Equal(DType.Float32, DTypes.Of<float>());
        Assert.Equal(DType.BFloat16, DTypes.Of<BFloat16>());
        Assert.Equal(DType.UInt64, DTypes.Of<ulong>());
        Assert.Contains("Char", Assert.Throws<DTypeMismatchException>(() => DTypes.Of<char>()).Message, StringComparison.Ordinal);
    }
}
