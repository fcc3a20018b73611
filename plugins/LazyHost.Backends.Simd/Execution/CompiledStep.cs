namespace LazyHost.Backends.Simd.Execution;

/// <summary>A step ready to run; safe to run several times at once.</summary>
internal abstract class CompiledStep
{
    public abstract void Run(in RunContext context);
}
