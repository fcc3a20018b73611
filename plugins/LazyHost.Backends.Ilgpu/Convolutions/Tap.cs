using System.Runtime.InteropServices;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>One tap of a filter: where its channel begins in a group's part of an image, and how far from the window's start it lies along each dimension. Loaded as one.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Tap
{
    public int Channel, A, B, C;
}
