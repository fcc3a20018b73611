namespace LazyHost;

/// <summary>Does something once, when it is disposed: the end of a scope.</summary>
internal sealed class Undo(Action action) : IDisposable
{
    private Action? action = action;

    public void Dispose() => Interlocked.Exchange(ref action, null)?.Invoke();
}
