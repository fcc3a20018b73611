namespace LazyHost.Backends;

/// <summary>
/// What a backend implements beside <see cref="IBackend"/> where its programs can outlive the process: the host then keeps them in a directory. The host sees to
/// builds, options, keys and damaged files: bytes come back only to the build and fingerprint that made them, for an equal graph. Members may be called from many threads at once.
/// </summary>
public interface IExecutableSerializer
{
    /// <summary>A program as bytes, or none where this one cannot be kept.</summary>
    ReadOnlyMemory<byte> Serialize(IExecutable executable);

    /// <summary>Makes a program of bytes that <see cref="Serialize"/> gave. Whatever it throws, the host ignores the bytes, says why in its log, and compiles.</summary>
    /// <param name="context">What it would be compiled from: an equal graph, not the same one.</param>
    /// <param name="bytes">The bytes; not to be kept.</param>
    IExecutable Deserialize(LoweringContext context, ReadOnlyMemory<byte> bytes);
}
