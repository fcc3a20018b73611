using System.IO.Hashing;

namespace LazyHost;

/// <summary>Hashes managed values by element type and bytes.</summary>
internal static class TensorHasher
{
    public static UInt128 Hash(DeviceData data) => data.ContentHash ??= XxHash128.HashToUInt128(data.Managed, (long)data.Type.DType);
}
