using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Memory;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>A call on f16 or bf16: its operands of that type are widened to f32, its results of that type rounded once.</summary>
internal sealed unsafe class WidenedCall(LibraryCall call, DType type, TensorType[] inputs, TensorType[] outputs) : LibraryCall
{
    public override void Run(byte** from, byte** to, in RunContext context)
    {
        var held = new NativeBuffer?[inputs.Length + outputs.Length];
        try
        {
            var wideFrom = stackalloc byte*[inputs.Length];
            var wideTo = stackalloc byte*[outputs.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                wideFrom[i] = from[i];
                if (inputs[i].DType != type) continue;
                held[i] = context.Pool.Rent(inputs[i].Shape.ElementCount * sizeof(float));
                wideFrom[i] = held[i]!.Pointer;
                HalfPrecision.Widen(type, (ushort*)from[i], (float*)wideFrom[i], inputs[i].Shape.ElementCount);
            }
            for (var i = 0; i < outputs.Length; i++)
            {
                wideTo[i] = to[i];
                if (outputs[i].DType != type) continue;
                var buffer = held[inputs.Length + i] = context.Pool.Rent(outputs[i].Shape.ElementCount * sizeof(float));
                wideTo[i] = buffer.Pointer;
            }
            call.Run(wideFrom, wideTo, context);
            for (var i = 0; i < outputs.Length; i++)
                if (outputs[i].DType == type) HalfPrecision.Narrow(type, (float*)wideTo[i], (ushort*)to[i], outputs[i].Shape.ElementCount);
        }
        finally
        {
            foreach (var buffer in held) buffer?.Dispose();
        }
    }
}
