using LazyHost.Formats;

namespace LazyHost.Cli.Training;

/// <summary>Digits as the model takes them: pixels of mean 0 and deviation 1 in the order [item, row, column], and the digit each item shows.</summary>
internal sealed class MnistData(float[] pixels, long[] labels)
{
    public const int Side = 28, Classes = 10;
    private const int Pixels = Side * Side;

    // Of the MNIST training set, with pixels from 0 to 1.
    private const float Mean = 0.1307f, Deviation = 0.3081f;

    public int Count => labels.Length;

    /// <summary>Reads <c>NAME-images-idx3-ubyte.gz</c> and <c>NAME-labels-idx1-ubyte.gz</c> from the folder <c>data</c> beside the program.</summary>
    /// <exception cref="InvalidFileException">A file is damaged, or the two do not fit each other.</exception>
    public static MnistData Read(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "data");
        var images = IdxFile.Read(Path.Combine(folder, $"{name}-images-idx3-ubyte.gz"));
        var labels = IdxFile.Read(Path.Combine(folder, $"{name}-labels-idx1-ubyte.gz"));
        if (images.Type != new TensorType(DType.UInt8, [labels.Data.Length, Side, Side])) throw new InvalidFileException($"{name}: the images are {images.Type}, but there are {labels.Data.Length} labels of 28 x 28 bytes each");
        return new([.. images.Data.Select(p => ((p / 255f) - Mean) / Deviation)], [.. labels.Data.Select(l => (long)l)]);
    }

    /// <summary>The items at these places, as [n, 1, 28, 28], with their labels [n].</summary>
    public (Tensor Images, Tensor Labels) Batch(ReadOnlySpan<int> places, Device device)
    {
        var images = new float[places.Length * Pixels];
        var classes = new long[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            pixels.AsSpan(places[i] * Pixels, Pixels).CopyTo(images.AsSpan(i * Pixels));
            classes[i] = labels[places[i]];
        }
        return (Tensor.From(images, [places.Length, 1, Side, Side], device), Tensor.From(classes, [places.Length], device));
    }
}
