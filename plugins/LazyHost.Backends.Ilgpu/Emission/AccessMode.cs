namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>How a thread that takes several neighbouring points reads or writes an access.</summary>
internal enum AccessMode
{
    /// <summary>Element by element.</summary>
    Each,
    /// <summary>All its elements at once: they are neighbours, and aligned.</summary>
    Wide,
    /// <summary>The same element for all points.</summary>
    Same,
    /// <summary>Through a tile in shared memory.</summary>
    Turned,
}
