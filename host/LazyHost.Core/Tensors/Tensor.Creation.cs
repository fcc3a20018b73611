using System.Runtime.InteropServices;
using LazyHost.IR;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>A tensor of elements copied from the host.</summary>
    /// <param name="elements">The elements, row by row.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="ShapeMismatchException">The shape has another number of elements.</exception>
    /// <exception cref="DTypeMismatchException"><typeparamref name="T"/> is no element type.</exception>
    /// <exception cref="DeviceMemoryException">The device has no room.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> elements, Shape shape, Device device) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(device);
        if (elements.Length != shape.ElementCount)
            throw new ShapeMismatchException($"{elements.Length} elements cannot fill shape {shape}, which has {shape.ElementCount}");
        return FromBytes(new(DTypes.Of<T>(), shape), MemoryMarshal.AsBytes(elements).ToArray(), device);
    }

    /// <summary>A tensor of elements copied from an array.</summary>
    /// <exception cref="ShapeMismatchException">The shape has another number of elements.</exception>
    public static Tensor From<T>(T[] elements, Shape shape, Device device) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(elements);
        return From(elements.AsSpan(), shape, device);
    }

    /// <summary>A tensor of elements copied from a span.</summary>
    /// <exception cref="ShapeMismatchException">The shape has another number of elements.</exception>
    public static Tensor From<T>(Span<T> elements, Shape shape, Device device) where T : unmanaged => From((ReadOnlySpan<T>)elements, shape, device);

    /// <summary>A scalar tensor.</summary>
    public static Tensor Scalar<T>(T element, Device device) where T : unmanaged => From<T>([element], Shape.Scalar, device);

    /// <summary>A tensor of packed little-endian elements, which are not copied: the caller must not write to them any more.</summary>
    /// <exception cref="ShapeMismatchException">The type has another size in bytes.</exception>
    public static Tensor FromBytes(TensorType type, byte[] bytes, Device device)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(device);
        if (bytes.LongLength != type.ByteSize) throw new ShapeMismatchException($"{bytes.LongLength} bytes cannot fill {type}, which has {type.ByteSize}");
        if (bytes.Length <= DeviceData.ManagedLimit) return new(type, DeviceData.FromManaged(device, type, bytes));
        DeviceData data;
        try { data = Transfer.Upload(device, type, bytes, CancellationToken.None); }
        catch (DeviceMemoryException e)
        {
            e.At(null, SourceFrames.Site(null, 0));
            throw;
        }
        device.Engine.CurrentTape(device)?.Scope?.Track(data);
        return new(type, data);
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, Device device, DType type = DType.Float32) => Full(shape, 0.0, device, type);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(Shape shape, Device device, DType type = DType.Float32) => Full(shape, 1.0, device, type);

    /// <summary>A tensor of one value, made on the host.</summary>
    /// <exception cref="ShapeMismatchException">It has more bytes than an array can hold.</exception>
    public static Tensor Full(Shape shape, double value, Device device, DType type = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var whole = new TensorType(type, shape);
        if (whole.ByteSize > Array.MaxLength)
            throw new ShapeMismatchException($"{whole} has {whole.ByteSize:N0} bytes, but what is made on the host has at most {Array.MaxLength:N0}; expand one element on the device, Full([1], ...).Expand(sizes)").At(null, SourceFrames.Site(null, 0));
        var bytes = new byte[whole.ByteSize];
        var bits = ScalarBits.Of(type, value);
        switch (type)
        {
            case DType.Float32: MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).Fill((float)value); break;
            case DType.Float16: MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()).Fill((Half)value); break;
            case DType.BFloat16: MemoryMarshal.Cast<byte, BFloat16>(bytes.AsSpan()).Fill((BFloat16)value); break;
            default:
                switch (type.Size())
                {
                    case 1: bytes.AsSpan().Fill((byte)bits); break;
                    case 2: MemoryMarshal.Cast<byte, short>(bytes.AsSpan()).Fill((short)bits); break;
                    case 4: MemoryMarshal.Cast<byte, int>(bytes.AsSpan()).Fill((int)bits); break;
                    default: MemoryMarshal.Cast<byte, long>(bytes.AsSpan()).Fill(bits); break;
                }
                break;
        }
        return FromBytes(new(type, shape), bytes, device);
    }
}
