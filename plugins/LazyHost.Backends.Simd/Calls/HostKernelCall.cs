using LazyHost.Backends.Simd.Execution;
using LazyHost.IR;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>The code of a form of somebody else's, on the caller's thread.</summary>
internal sealed unsafe class HostKernelCall(OperatorForm form, Attributes attributes, TensorType[] operands, TensorType[] results, CallSite? site) : LibraryCall
{
    private readonly IHostKernel kernel = (IHostKernel)form;

    /// <summary>True where spans can hold every operand and result.</summary>
    public static bool Fits(in OperatorQuery query)
    {
        foreach (var type in query.Operands) if (type.Shape.ElementCount > int.MaxValue) return false;
        foreach (var type in query.Outputs) if (type.Shape.ElementCount > int.MaxValue) return false;
        return true;
    }

    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        try { kernel.Run(new(new(form, attributes, operands, results), new(inputs, operands.Length), new(outputs, results.Length))); }
        catch (Exception e)
        {
            throw new ExecutionException($"its kernel threw {e.GetType().Name}: {(e as LazyHostException)?.Reason ?? e.Message}").At(form.Name, site);
        }
    }
}
