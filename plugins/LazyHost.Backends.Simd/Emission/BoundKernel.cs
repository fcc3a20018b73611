namespace LazyHost.Backends.Simd.Emission;

/// <summary>Code for many kernels with the numbers of one: it is given the program's scalars that it takes, then the numbers.</summary>
internal sealed unsafe class BoundKernel(KernelBody code, int[] scalarSlots, long[] numbers)
{
    public void Run(byte** buffers, long* scalars, long begin, long end)
    {
        var block = stackalloc long[scalarSlots.Length + numbers.Length];
        for (var i = 0; i < scalarSlots.Length; i++) block[i] = scalars[scalarSlots[i]];
        for (var i = 0; i < numbers.Length; i++) block[scalarSlots.Length + i] = numbers[i];
        code(buffers, block, begin, end);
    }
}
