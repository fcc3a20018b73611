using System.Runtime.InteropServices;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>One tap of a filter: how far from the window's start it lies along each dimension, and how many elements of the image that is, or, where zeros lie between those, where its channel begins. Loaded as one.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Tap
{
    public int Place, A, B, C;
}
