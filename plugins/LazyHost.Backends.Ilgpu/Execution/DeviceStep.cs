namespace LazyHost.Backends.Ilgpu.Execution;

/// <summary>A step ready to run, any number of times. It tells the stream what to do and does not wait; the session's lock is held meanwhile.</summary>
internal abstract class DeviceStep
{
    public abstract void Enqueue(RunContext context);
}
