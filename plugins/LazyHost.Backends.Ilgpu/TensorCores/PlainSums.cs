using System.Runtime.InteropServices;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>Sums stored as they are, to be added up.</summary>
internal readonly struct PlainSums : ISumStorage<float>
{
    public static void One(ArrayView<float> to, long place, float sum) => to[place] = sum;

    public static void Two(ArrayView<float> to, long place, float first, float second) => to.Cast<Pair>()[place >> 1] = new() { First = first, Second = second };

    [StructLayout(LayoutKind.Sequential)]
    private struct Pair
    {
        public float First, Second;
    }
}
