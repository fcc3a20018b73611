using System.IO.Compression;
using LazyHost.Formats;

namespace LazyHost.Hosting.Tests.Formats;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private HostTensor Read(byte[] bytes) => IdxFile.Read(folder.Write("array", bytes));

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal)) gzip.Write(bytes);
        return stream.ToArray();
    }

    private static byte[] Bytes2x3 => [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [Fact]
    public void PlainAndZippedAreTheSame()
    {
        foreach (var file in new[] { Bytes2x3, Gzip(Bytes2x3) })
            Damage.AssertSame(HostTensor.From<byte>([1, 2, 3, 4, 5, 6], [2, 3]), Read(file));
    }

    [Fact]
    public void ElementsAreBigEndian()
    {
        Damage.AssertSame(HostTensor.From<int>([1, -2], [2]), Read([0, 0, 12, 1, 0, 0, 0, 2, 0, 0, 0, 1, 255, 255, 255, 254]));
        Damage.AssertSame(HostTensor.From<float>([1], [1]), Read([0, 0, 13, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0]));
    }

    [Fact]
    public void DamageIsReadOrRefused()
    {
        Damage.EveryTruncationIsRefused(Bytes2x3, bytes => Read(bytes));
        Damage.EveryChangedByteIsReadOrRefused(Bytes2x3, bytes => Read(bytes));
        Damage.EveryChangedByteIsReadOrRefused(Gzip(Bytes2x3), bytes => Read(bytes));
    }

    [Fact]
    public void ATruncatedZipSaysWhatIsMissing()
    {
        byte[] noise = [0, 0, 8, 1, 0, 0, 0x40, 0, .. Enumerable.Range(0, 0x4000).Select(i => (byte)(i * 2654435761L >> 13))];
        var file = Gzip(noise);
        var error = Assert.Throws<InvalidFileException>(() => Read(file[..(file.Length / 2)]));
        Assert.Contains("the array u8[16384]", error.Message, StringComparison.Ordinal);
        Assert.Contains("array", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 7, 1, 0, 0, 0, 0 }, "0x07")]
    [InlineData(new byte[] { 1, 0, 8, 1, 0, 0, 0, 0 }, "not an IDX file")]
    [InlineData(new byte[] { 0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 }, "elements")]
    [InlineData(new byte[] { 0, 0, 8, 1, 255, 255, 255, 255 }, "4294967295")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0x70, 0, 0, 0 }, "truncated")]
    public void WrongHeadersAreNamed(byte[] file, string expected) => Assert.Contains(expected, Assert.Throws<InvalidFileException>(() => Read(file)).Message, StringComparison.Ordinal);

    [Fact]
    public void AHugePromiseInASmallZipIsTruncated() =>
        Assert.Contains("truncated", Assert.Throws<InvalidFileException>(() => Read(Gzip([0, 0, 8, 1, 0x70, 0, 0, 0, 1]))).Message, StringComparison.Ordinal);

    public void Dispose() => folder.Dispose();
}
