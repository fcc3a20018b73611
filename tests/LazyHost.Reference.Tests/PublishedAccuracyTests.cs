using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using LazyHost.Backends.Reference;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Reference.Tests;

/// <summary>
/// Holds functions to NumPy's tables of inputs, exact results and allowed errors. The tables are no part of the project: the folder with numpy-umath-ulp.tar.gz is
/// named by LAZYHOST_CONFORMANCE, or lies at ../shared/conformance beside the checkout.
/// </summary>
public class PublishedAccuracyTests
{
    private const string Archive = "numpy-umath-ulp.tar.gz";

    [Theory]
    [InlineData("exp")]
    [InlineData("expm1")]
    [InlineData("log")]
    [InlineData("log1p")]
    [InlineData("sin")]
    [InlineData("cos")]
    [InlineData("tanh")]
    public void Errors_are_within_the_published_bounds(string function)
    {
        var archive = Locate();
        Assert.SkipWhen(archive is null, $"{Archive} is neither in the folder LAZYHOST_CONFORMANCE names nor in ../shared/conformance beside the checkout");
        var rows = Read(archive!, function).ToList();
        Assert.True(rows.Count > 200, $"only {rows.Count} rows for {function}");
        var form = (Primitive)OperatorCatalog.Find("prim." + function)!;
        foreach (var table in rows.GroupBy(row => row.Type))
        {
            var size = table.Key.Size();
            var input = table.SelectMany(row => BitConverter.GetBytes(row.Input)[..size]).ToArray();
            var output = Run(form, new(table.Key, [table.Count()]), input);
            foreach (var (row, i) in table.Select((row, i) => (row, i)))
            {
                var error = UnitsBetween(table.Key, row.Expected, Bits(output, i, size));
                Assert.True(error <= row.MostUnits, $"{function} of {table.Key.Name()} 0x{row.Input:x} is {error} units in the last place off; the table allows {row.MostUnits}");
            }
        }
    }

    private static string? Locate()
    {
        if (Environment.GetEnvironmentVariable("LAZYHOST_CONFORMANCE") is { Length: > 0 } folder) return Existing(folder);
        for (var root = new DirectoryInfo(AppContext.BaseDirectory); root is not null; root = root.Parent)
            if (File.Exists(Path.Combine(root.FullName, "LazyHost.sln"))) return Existing(Path.Combine(root.FullName, "..", "shared", "conformance"));
        return null;
    }

    private static string? Existing(string folder) => Path.Combine(folder, Archive) is var path && File.Exists(path) ? path : null;

    private static IEnumerable<(DType Type, ulong Input, ulong Expected, double MostUnits)> Read(string archive, string function)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.EndsWith($"umath-validation-set-{function}.csv", StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(entry.DataStream!);
            while (reader.ReadLine() is { } line)
                if (line.StartsWith("np.float", StringComparison.Ordinal) && line.Split(',') is [var type, var input, var expected, var most])
                    yield return (type == "np.float32" ? DType.Float32 : DType.Float64, Hex(input), Hex(expected), double.Parse(most, CultureInfo.InvariantCulture));
        }
    }

    private static byte[] Run(Primitive form, TensorType type, byte[] input)
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(form, [builder.Parameter(type)]));
        return ReferenceInterpreter.Run(builder.Build(), [input], [])[0];
    }

    private static ulong Hex(string text) => ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static ulong Bits(byte[] elements, int i, int size) =>
        size == 4 ? MemoryMarshal.Cast<byte, uint>(elements)[i] : MemoryMarshal.Cast<byte, ulong>(elements)[i];

    /// <summary>How many numbers of the type apart two of them are; any two NaN are not apart.</summary>
    private static double UnitsBetween(DType type, ulong a, ulong b)
    {
        if (IsNaN(type, a) || IsNaN(type, b)) return IsNaN(type, a) && IsNaN(type, b) ? 0 : double.PositiveInfinity;
        return (double)Int128.Abs(Line(type, a) - Line(type, b));
    }

    private static bool IsNaN(DType type, ulong bits) =>
        type == DType.Float32 ? float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)) : double.IsNaN(BitConverter.UInt64BitsToDouble(bits));

    // Sign and magnitude on one line, so that neighbours are one apart.
    private static Int128 Line(DType type, ulong bits)
    {
        var sign = type == DType.Float32 ? 1ul << 31 : 1ul << 63;
        return (bits & sign) == 0 ? bits : -(Int128)(bits & ~sign);
    }
}
