using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>Loads of 8- and 16-bit elements into lanes of 32 bits, and stores of their low bits.</summary>
internal static unsafe partial class LaneFunctions
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadUInt8x16(byte* p)
    {
        var bytes = Vector128.Load(p);
        var words = Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
        return Vector512.Create(Vector256.WidenLower(words), Vector256.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadUInt8x8(byte* p)
    {
        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)p).AsByte());
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadUInt8x4(byte* p) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)p).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LoadUInt8x1(byte* p) => *p;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadInt8x16(sbyte* p)
    {
        var bytes = Vector128.Load(p);
        var words = Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
        return Vector512.Create(Vector256.WidenLower(words), Vector256.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadInt8x8(sbyte* p)
    {
        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)p).AsSByte());
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadInt8x4(sbyte* p) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)p).AsSByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LoadInt8x1(sbyte* p) => *p;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadUInt16x16(ushort* p)
    {
        var words = Vector256.Load(p);
        return Vector512.Create(Vector256.WidenLower(words), Vector256.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadUInt16x8(ushort* p)
    {
        var words = Vector128.Load(p);
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadUInt16x4(ushort* p) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)p).AsUInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LoadUInt16x1(ushort* p) => *p;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadInt16x16(short* p)
    {
        var words = Vector256.Load(p);
        return Vector512.Create(Vector256.WidenLower(words), Vector256.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadInt16x8(short* p)
    {
        var words = Vector128.Load(p);
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadInt16x4(short* p) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)p).AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LoadInt16x1(short* p) => *p;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store8x16(byte* p, Vector512<int> a)
    {
        var words = Vector256.Narrow(a.GetLower(), a.GetUpper());
        Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte().Store(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store8x8(byte* p, Vector256<int> a)
    {
        var words = Vector128.Narrow(a.GetLower(), a.GetUpper());
        *(long*)p = Vector128.Narrow(words, words).AsInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store8x4(byte* p, Vector128<int> a)
    {
        var words = Vector128.Narrow(a, a);
        *(int*)p = Vector128.Narrow(words, words).AsInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store8x1(byte* p, int a) => *p = (byte)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16x16(byte* p, Vector512<int> a) => Vector256.Narrow(a.GetLower(), a.GetUpper()).Store((short*)p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16x8(byte* p, Vector256<int> a) => Vector128.Narrow(a.GetLower(), a.GetUpper()).Store((short*)p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16x4(byte* p, Vector128<int> a) => *(long*)p = Vector128.Narrow(a, a).AsInt64().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16x1(byte* p, int a) => *(ushort*)p = (ushort)a;
}
