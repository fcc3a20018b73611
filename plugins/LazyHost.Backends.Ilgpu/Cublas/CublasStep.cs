using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Execution;

namespace LazyHost.Backends.Ilgpu.Cublas;

/// <summary>A product by cuBLAS.</summary>
internal sealed class CublasStep(CublasHandle handle, GemmCall call, DType type) : DeviceStep
{
    public override void Enqueue(RunContext context)
    {
        if (call.Rows == 0 || call.Columns == 0 || call.Batch == 0) return;
        handle.Multiply(call, type, Address(context, call.First), Address(context, call.Second), Address(context, call.Result));
    }

    private nint Address(RunContext context, GemmOperand operand) => context.Bytes(operand.Buffer).LoadEffectiveAddressAsPtr() + (nint)(operand.Offset * type.Size());
}
