using LazyHost.Backends.Simd.Execution;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>A primitive on whole packed buffers: operands in, results out, both by address.</summary>
internal abstract unsafe class LibraryCall
{
    public abstract void Run(byte** inputs, byte** outputs, in RunContext context);
}
