using LazyHost.Formats;

namespace LazyHost.Hosting.Tests.Formats;

/// <summary>Reads every shortened and every slightly changed form of a file: each must be read or refused, never crash.</summary>
internal static class Damage
{
    public static void EveryTruncationIsRefused(byte[] file, Action<byte[]> read)
    {
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<InvalidFileException>(() => read(file[..length]));
        Assert.Throws<InvalidFileException>(() => read([.. file, 0]));
    }

    public static void EveryChangedByteIsReadOrRefused(byte[] file, Action<byte[]> read)
    {
        foreach (var mask in new byte[] { 0x01, 0x02, 0x10, 0x80, 0xFF })
            for (var i = 0; i < file.Length; i++)
            {
                var changed = file.ToArray();
                changed[i] ^= mask;
                try { read(changed); }
                catch (InvalidFileException) { }
            }
    }

    public static HostTensor[] OneOfEachType() =>
    [
        HostTensor.From<bool>([true, false, true], [3]),
        HostTensor.From<byte>([0, 127, 255], [3]),
        HostTensor.From<sbyte>([-128, 0, 127], [3, 1]),
        HostTensor.From<ushort>([0, 65535], [2]),
        HostTensor.From<short>([-32768, 32767], [1, 2]),
        HostTensor.From<uint>([0, uint.MaxValue], [2]),
        HostTensor.From<int>([int.MinValue, int.MaxValue], [2]),
        HostTensor.From<ulong>([0, ulong.MaxValue], [2]),
        HostTensor.From<long>([long.MinValue, long.MaxValue], [2]),
        HostTensor.From<Half>([Half.NaN, (Half)1.5f], [2]),
        HostTensor.From<float>([float.NaN, -0f, float.PositiveInfinity, 1e-45f], [2, 2]),
        HostTensor.From<double>([double.Epsilon, double.MaxValue, -1], [3]),
        HostTensor.From<float>([3.25f], Shape.Scalar),
        HostTensor.From<float>([], [0, 4]),
    ];

    public static void AssertSame(HostTensor expected, HostTensor actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Data, actual.Data);
    }
}
