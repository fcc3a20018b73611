using System.Runtime.InteropServices;

namespace LazyHost.Formats;

/// <summary>A tensor in host memory, as files hold it: elements packed row by row, little-endian.</summary>
public sealed class HostTensor
{
    /// <summary>Takes over <paramref name="data"/> without copying.</summary>
    /// <exception cref="ShapeMismatchException">The number of bytes is not what the type needs.</exception>
    public HostTensor(TensorType type, byte[] data)
    {
        if (data.LongLength != type.ByteSize) throw new ShapeMismatchException($"{type} needs {type.ByteSize} bytes, but {data.LongLength} were given");
        Type = type;
        Data = data;
    }

    /// <summary>Element type and shape.</summary>
    public TensorType Type { get; }

    /// <summary>The elements' bytes.</summary>
    public byte[] Data { get; }

    /// <summary>Copies elements, row by row.</summary>
    /// <exception cref="ShapeMismatchException">The number of elements is not that of the shape.</exception>
    /// <exception cref="DTypeMismatchException">No element type stands for <typeparamref name="T"/>.</exception>
    public static HostTensor From<T>(ReadOnlySpan<T> elements, Shape shape) where T : unmanaged =>
        new(new(DTypes.Of<T>(), shape), MemoryMarshal.AsBytes(elements).ToArray());

    /// <summary>The elements, row by row, without copying.</summary>
    /// <exception cref="DTypeMismatchException"><typeparamref name="T"/> is not the tensor's element type.</exception>
    public ReadOnlySpan<T> Elements<T>() where T : unmanaged =>
        DTypes.Of<T>() == Type.DType ? MemoryMarshal.Cast<byte, T>(Data)
            : throw new DTypeMismatchException($"the tensor is {Type}, so its elements cannot be read as {DTypes.Of<T>().Name()}");
}
