namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Which way the points of a kernel are shared between threads.</summary>
internal enum KernelWalk
{
    /// <summary>Each thread takes points, or runs of neighbours, one after the other.</summary>
    Map,
    /// <summary>Each group takes tiles of 32 x 32 points; what lies across is turned in shared memory.</summary>
    Tile,
    /// <summary>Each group takes rows, whose inner points its threads share.</summary>
    GroupRow,
    /// <summary>Each thread takes rows and walks their inner points.</summary>
    ThreadRow,
}
