using System.IO.Hashing;

namespace LazyHost;

/// <summary>Hashes managed values by element type and bytes; never to 0.</summary>
internal static class TensorHasher
{
    public static ulong Hash(DeviceData data) => data.ContentHash != 0 ? data.ContentHash : data.ContentHash = Math.Max(1, XxHash3.HashToUInt64(data.Managed, (long)data.Type.DType));
}
