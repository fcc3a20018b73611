namespace LazyHost;

/// <summary>Something of a plugin's that the host holds: kept in its backend's list, so that disposing the backend clears it wherever it is referenced from.</summary>
internal abstract class Payload
{
    internal Payload? Next, Previous;

    /// <summary>Disposes and forgets the plugin's object. Called once.</summary>
    internal abstract void Clear();
}
