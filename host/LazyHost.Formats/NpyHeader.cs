using System.Globalization;
using System.Text.RegularExpressions;

namespace LazyHost.Formats;

/// <summary>The header of an npy array: the text of a Python dictionary with three known entries.</summary>
internal sealed partial record NpyHeader(TensorType Type, bool FortranOrder, bool BigEndian)
{
    private static readonly string[] Codes = ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "", "f4", "f8"];

    /// <summary>NumPy's name of an element type.</summary>
    public static string Descriptor(DType type) => type == DType.BFloat16
        ? throw new DTypeMismatchException("npy has no bf16: convert the tensor to f32 before writing it")
        : (type.Size() == 1 ? "|" : "<") + Codes[(int)type];

    public static NpyHeader Parse(string text, string file)
    {
        var match = Dictionary().Match(text);
        if (!match.Success) throw new InvalidFileException($"{file}: the npy header is not a dictionary: {Shorten(text)}");
        var entries = new Dictionary<string, string>();
        foreach (var (key, value) in match.Groups["key"].Captures.Zip(match.Groups["value"].Captures))
            if (!entries.TryAdd(key.Value, value.Value)) throw new InvalidFileException($"{file}: the npy header has '{key.Value}' twice");
        if (entries.Count != 3 || !entries.TryGetValue("descr", out var descriptor) || !entries.TryGetValue("fortran_order", out var order) || !entries.TryGetValue("shape", out var shape))
            throw new InvalidFileException($"{file}: the npy header must have 'descr', 'fortran_order' and 'shape' alone, but is {Shorten(text)}");
        if (order is not ("True" or "False")) throw new InvalidFileException($"{file}: 'fortran_order' is {order}, not True or False");

        var code = descriptor.Trim('\'', '"');
        var type = code.Length == 3 && "<>|=".Contains(code[0], StringComparison.Ordinal) ? Array.IndexOf(Codes, code[1..]) : -1;
        if (type < 0) throw new InvalidFileException($"{file}: the element type {descriptor} is not known; known are b1, i1 to i8, u1 to u8, f2, f4 and f8 in either byte order");
        if (!shape.StartsWith('(')) throw new InvalidFileException($"{file}: 'shape' is {shape}, not a tuple");
        var sizes = shape.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(s => long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw new InvalidFileException($"{file}: '{s}' in 'shape' is no size")).ToArray();
        try
        {
            var tensor = new TensorType((DType)type, Shape.Create(sizes));
            _ = checked(tensor.Shape.ElementCount * tensor.DType.Size());
            return new(tensor, order == "True", code[0] == '>');
        }
        catch (Exception e) when (e is ShapeMismatchException or OverflowException) { throw new InvalidFileException($"{file}: {e.Message}", e); }
    }

    private static string Shorten(string text) => text.Length > 200 ? text[..200] + "..." : text.TrimEnd();

    [GeneratedRegex("""^\s*\{\s*(?:(?:'(?<key>\w+)'|"(?<key>\w+)")\s*:\s*(?<value>'[^']*'|"[^"]*"|\w+|\([^()]*\)|\[[^\]]*\])\s*,?\s*)*\}\s*$""")]
    private static partial Regex Dictionary();
}
