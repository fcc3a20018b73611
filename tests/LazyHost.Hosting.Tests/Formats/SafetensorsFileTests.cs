using System.Buffers.Binary;
using System.Text;
using LazyHost.Formats;

namespace LazyHost.Hosting.Tests.Formats;

public class SafetensorsFileTests
{
    private static SafetensorsFile Read(byte[] bytes) => SafetensorsFile.Read(new MemoryStream(bytes), "model");

    private static byte[] Write(SafetensorsFile file)
    {
        using var stream = new MemoryStream();
        file.Write(stream);
        return stream.ToArray();
    }

    private static byte[] Raw(string header, int dataBytes)
    {
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        return bytes;
    }

    private static SafetensorsFile Sample() => new(
        new Dictionary<string, HostTensor> { ["b"] = HostTensor.From<float>([1, 2], [2]), ["a"] = HostTensor.From<byte>([7], Shape.Scalar), ["ä/\"c"] = HostTensor.From<float>([3, 4], [2, 1]) },
        new Dictionary<string, string> { ["format"] = "pt" });

    [Fact]
    public void EveryTypeComesBackAsItWas()
    {
        var tensors = Damage.OneOfEachType().Append(HostTensor.From<BFloat16>([(BFloat16)1f, (BFloat16)float.NaN], [2])).Select((t, i) => (t, i)).ToDictionary(p => $"t{p.i}", p => p.t);
        var read = Read(Write(new(tensors)));
        Assert.Equal(tensors.Keys.Order(), read.Tensors.Keys.Order());
        foreach (var (name, tensor) in tensors) Damage.AssertSame(tensor, read.Tensors[name]);
        Assert.Empty(read.Metadata);
    }

    [Fact]
    public void TheBytesAreThoseOfTheFormat()
    {
        var file = Write(new(new Dictionary<string, HostTensor> { ["w"] = HostTensor.From<float>([1], [1]) }));
        var header = """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""".PadRight(56);
        Assert.Equal([56, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0x80, 0x3F], file);
    }

    [Fact]
    public void TheOrderOfTheDictionaryDoesNotChangeTheFile()
    {
        var sample = Sample();
        var turned = new SafetensorsFile(sample.Tensors.Reverse().ToDictionary(), sample.Metadata);
        Assert.Equal(Write(sample), Write(turned));
        Assert.Equal("pt", Read(Write(turned)).Metadata["format"]);
    }

    [Fact]
    public void DamageIsReadOrRefused()
    {
        var file = Write(Sample());
        Damage.EveryTruncationIsRefused(file, bytes => Read(bytes));
        Damage.EveryChangedByteIsReadOrRefused(file, bytes => Read(bytes));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "more data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "at least 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", 4, "elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}}""", 4, "elements")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "'F8_E4M3' is not known")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,1]}}""", 1, "dtype")]
    [InlineData("""{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", 1, "uplicate")]
    [InlineData("""{"__metadata__":{"x":1}}""", 0, "text only")]
    [InlineData("""{"a":1}""", 0, "not an object")]
    [InlineData("""{"a":""", 0, "JSON")]
    [InlineData("[]", 0, "does not begin")]
    [InlineData("", 0, "does not begin")]
    public void WrongHeadersAreNamed(string header, int dataBytes, string expected)
    {
        var error = Assert.Throws<InvalidFileException>(() => Read(Raw(header, dataBytes)));
        Assert.StartsWith("model: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000_001L)]
    [InlineData(-1L)]
    public void AHeaderThatIsTooLargeIsRefusedBeforeItIsRead(long length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        Assert.Contains("100000000", Assert.Throws<InvalidFileException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("m.safetensors");
        Sample().Write(path);
        var before = File.ReadAllBytes(path);
        Assert.Throws<InvalidFileException>(() => new SafetensorsFile(new Dictionary<string, HostTensor> { ["__metadata__"] = HostTensor.From<byte>([1], [1]) }).Write(path));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        new SafetensorsFile(new Dictionary<string, HostTensor>()).Write(path);
        Assert.Empty(SafetensorsFile.Read(path).Tensors);
    }
}
