using System.IO.Compression;
using System.Text;
using LazyHost.Formats;

namespace LazyHost.Hosting.Tests.Formats;

public class NpyFileTests
{
    private static HostTensor Read(byte[] bytes) => NpyFile.Read(new MemoryStream(bytes), "array");

    private static byte[] Write(HostTensor tensor)
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, tensor);
        return stream.ToArray();
    }

    private static byte[] Raw(string header, params byte[] data) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header), .. data];

    [Fact]
    public void EveryTypeComesBackAsItWas()
    {
        foreach (var tensor in Damage.OneOfEachType()) Damage.AssertSame(tensor, Read(Write(tensor)));
    }

    [Fact]
    public void TheBytesAreThoseOfNumPy()
    {
        // numpy.save(file, numpy.array([[1, 2]], dtype="<i2"))
        var header = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 2), }".PadRight(117) + "\n";
        Assert.Equal(Raw(header, 1, 0, 2, 0), Write(HostTensor.From<short>([1, 2], [1, 2])));
        Assert.Equal(128 + 4, Write(HostTensor.From<short>([1, 2], [1, 2])).Length);
        Assert.Contains("'shape': (2,), }", Encoding.ASCII.GetString(Write(HostTensor.From<short>([1, 2], [2]))), StringComparison.Ordinal);
        Assert.Contains("'shape': (), }", Encoding.ASCII.GetString(Write(HostTensor.From<short>([1], Shape.Scalar))), StringComparison.Ordinal);
    }

    [Fact]
    public void BigEndianAndFortranOrderAreTurnedRound()
    {
        var big = Read(Raw("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", 1, 2, 3, 4));
        Assert.Equal([0x0102, 0x0304], big.Elements<short>().ToArray());
        var columns = Read(Raw("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", 0, 3, 1, 4, 2, 5));
        Assert.Equal([0, 1, 2, 3, 4, 5], columns.Data);
        var cube = Read(Raw("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 2), }", 0, 4, 2, 6, 1, 5, 3, 7));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], cube.Data);
    }

    [Fact]
    public void LaterVersionsHaveALongerLength()
    {
        var header = "{\"descr\": \"|u1\", \"fortran_order\": False, \"shape\": (1,)}";
        foreach (var version in new byte[] { 2, 3 })
            Assert.Equal([9], Read([0x93, .. "NUMPY"u8, version, 0, (byte)header.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), 9]).Data);
    }

    [Fact]
    public void DamageIsReadOrRefused()
    {
        var file = Write(HostTensor.From<float>([1, 2, 3, 4, 5, 6], [2, 3]));
        Damage.EveryTruncationIsRefused(file, bytes => Read(bytes));
        Damage.EveryChangedByteIsReadOrRefused(file, bytes => Read(bytes));
    }

    [Theory]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8' is not known")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "is not known")]
    [InlineData("{'descr': '<', 'fortran_order': False, 'shape': (1,), }", "is not known")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", "fortran_order")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "'-1'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 1, }", "not a tuple")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "alone")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }", "elements")]
    [InlineData("nonsense", "dictionary")]
    public void WrongHeadersAreNamed(string header, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidFileException>(() => Read(Raw(header))).Message, StringComparison.Ordinal);

    [Fact]
    public void BFloat16IsRefusedWithAdvice() =>
        Assert.Contains("f32", Assert.Throws<DTypeMismatchException>(() => Write(HostTensor.From<BFloat16>([(BFloat16)1f], [1]))).Message, StringComparison.Ordinal);

    [Fact]
    public void AnArchiveComesBackAsItWasAndIsAlwaysTheSame()
    {
        using var folder = new TemporaryFolder();
        var arrays = Damage.OneOfEachType().Select((t, i) => (t, i)).ToDictionary(p => $"arr_{p.i}", p => p.t);
        NpzFile.Write(folder.File("a.npz"), arrays);
        NpzFile.Write(folder.File("b.npz"), arrays.Reverse().ToDictionary());
        Assert.Equal(File.ReadAllBytes(folder.File("a.npz")), File.ReadAllBytes(folder.File("b.npz")));
        var read = NpzFile.Read(folder.File("a.npz"));
        Assert.Equal(arrays.Count, read.Count);
        foreach (var (name, tensor) in arrays) Damage.AssertSame(tensor, read[name]);
    }

    [Fact]
    public void ACompressedArchiveIsReadAndADamagedOneRefused()
    {
        using var folder = new TemporaryFolder();
        using (var archive = new ZipArchive(File.Create(folder.File("c.npz")), ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("x.npy", CompressionLevel.Optimal).Open())
            NpyFile.Write(entry, HostTensor.From<float>(new float[5000], [5000]));
        var file = File.ReadAllBytes(folder.File("c.npz"));
        Assert.Equal(5000, NpzFile.Read(folder.File("c.npz"))["x"].Type.Shape.ElementCount);
        Assert.Throws<InvalidFileException>(() => NpzFile.Read(folder.Write("cut.npz", file[..^30])));
        Damage.EveryChangedByteIsReadOrRefused(file, bytes => NpzFile.Read(folder.Write("changed.npz", bytes)));
    }
}
