using LazyHost.Backends.Simd.Execution;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Binds a call to buffers of the program.</summary>
internal sealed unsafe class CallStep(LibraryCall call, int[] inputs, int[] outputs) : CompiledStep
{
    public override void Run(in RunContext context)
    {
        var from = stackalloc byte*[inputs.Length];
        var to = stackalloc byte*[outputs.Length];
        for (var i = 0; i < inputs.Length; i++) from[i] = context.Buffers[inputs[i]];
        for (var i = 0; i < outputs.Length; i++) to[i] = context.Buffers[outputs[i]];
        call.Run(from, to, context);
    }
}
