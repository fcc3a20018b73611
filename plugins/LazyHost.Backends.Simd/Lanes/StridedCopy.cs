using System.Runtime.CompilerServices;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>Moves a few elements between memory and the packed scratch that vectors are loaded from.</summary>
internal static unsafe class StridedCopy
{
    /// <summary>Packs <paramref name="count"/> elements that lie <paramref name="stride"/> bytes apart.</summary>
    public static void Gather(byte* to, byte* from, long stride, int size, long count)
    {
        switch (size)
        {
            case 1: for (long i = 0; i < count; i++) to[i] = from[i * stride]; break;
            case 2: for (long i = 0; i < count; i++) ((short*)to)[i] = *(short*)(from + (i * stride)); break;
            case 4: for (long i = 0; i < count; i++) ((int*)to)[i] = *(int*)(from + (i * stride)); break;
            default: for (long i = 0; i < count; i++) ((long*)to)[i] = *(long*)(from + (i * stride)); break;
        }
    }

    /// <summary>Spreads packed elements <paramref name="stride"/> bytes apart.</summary>
    public static void Scatter(byte* to, byte* from, long stride, int size, long count)
    {
        switch (size)
        {
            case 1: for (long i = 0; i < count; i++) to[i * stride] = from[i]; break;
            case 2: for (long i = 0; i < count; i++) *(short*)(to + (i * stride)) = ((short*)from)[i]; break;
            case 4: for (long i = 0; i < count; i++) *(int*)(to + (i * stride)) = ((int*)from)[i]; break;
            default: for (long i = 0; i < count; i++) *(long*)(to + (i * stride)) = ((long*)from)[i]; break;
        }
    }

    /// <summary>Writes one element <paramref name="count"/> times.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fill(byte* to, long bits, int size, int count)
    {
        for (var i = 0; i < count; i++)
            switch (size)
            {
                case 1: to[i] = (byte)bits; break;
                case 2: ((short*)to)[i] = (short)bits; break;
                case 4: ((int*)to)[i] = (int)bits; break;
                default: ((long*)to)[i] = bits; break;
            }
    }
}
