using ILGPU;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>One side of a product of 16-bit numbers as <see cref="MmaKernel"/> loads it: 128 lines along the depth, of which each thread moves 16 numbers of every slice.</summary>
internal interface IHalfLines
{
    /// <summary>Sends the thread to its numbers of a slice: lines from <paramref name="first"/> on, from a depth on.</summary>
    void Begin(long batch, int first, int depth);

    /// <summary>The thread's numbers of the current slice; 0 beyond the depth. What lies beyond the lines is loaded from anywhere, since nobody stores what becomes of it.</summary>
    HalfRuns Load(ArrayView<ushort> from);

    /// <summary>Puts them in their places of a slice of A (<paramref name="isLeft"/>) or B in shared memory.</summary>
    void Put(ArrayView<Quad<uint>> slice, HalfRuns numbers, bool isLeft);

    /// <summary>Goes to the next slice.</summary>
    void Advance();
}
