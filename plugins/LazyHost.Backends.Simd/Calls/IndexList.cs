using System.Runtime.CompilerServices;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Indices of type i32 or i64.</summary>
internal static unsafe class IndexList
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long At(byte* indices, DType type, long place) => type == DType.Int64 ? ((long*)indices)[place] : ((int*)indices)[place];
}
