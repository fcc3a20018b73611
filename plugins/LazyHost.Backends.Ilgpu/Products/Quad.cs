using System.Numerics;
using System.Runtime.InteropServices;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Four numbers that are loaded and stored as one: for 32-bit types by one instruction.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Quad<T> where T : unmanaged, INumber<T>
{
    public T X, Y, Z, W;

    /// <summary>This and a multiple of other numbers.</summary>
    public readonly Quad<T> Plus(T factor, Quad<T> other) =>
        new() { X = X + (factor * other.X), Y = Y + (factor * other.Y), Z = Z + (factor * other.Z), W = W + (factor * other.W) };
}
