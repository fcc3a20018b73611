namespace LazyHost.Backends.Simd.Emission;

/// <summary>Emitted code: does the points begin .. end-1 of a kernel. Buffers are the kernel's own list; scalars the program's block.</summary>
internal unsafe delegate void KernelBody(byte** buffers, long* scalars, long begin, long end);
