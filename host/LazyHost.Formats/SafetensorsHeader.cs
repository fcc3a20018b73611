using System.Text.Json;

namespace LazyHost.Formats;

/// <summary>The JSON header of a safetensors file.</summary>
/// <param name="Entries">Names and types in the order of their data.</param>
/// <param name="Metadata">Free text by name.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<(string Name, TensorType Type)> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataKey = "__metadata__";
    private const int Alignment = 8;
    private static readonly string[] Names = ["BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64", "F16", "BF16", "F32", "F64"];

    public static SafetensorsHeader Parse(byte[] json, string file)
    {
        if (json.Length == 0 || json[0] != (byte)'{') throw new InvalidFileException($"{file}: not a safetensors file: the header does not begin with '{{'");
        try
        {
            using var document = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false });
            return Parse(document.RootElement, file);
        }
        // A name that is no valid UTF-8 or UTF-16 comes as InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException) { throw new InvalidFileException($"{file}: the header is not the JSON it should be: {e.Message}", e); }
    }

    public static byte[] Write(IEnumerable<(string Name, TensorType Type)> entries, IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var (name, type) in entries)
            {
                if (name == MetadataKey) throw new InvalidFileException($"a tensor cannot be named '{MetadataKey}': safetensors keeps that name for its metadata");
                json.WriteStartObject(name);
                json.WriteString("dtype", Names[(int)type.DType]);
                json.WriteStartArray("shape");
                foreach (var size in type.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += type.ByteSize);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Spaces up to the alignment, as the format's own writer does, so that the data may be mapped.
        while (stream.Length % Alignment != 0) stream.WriteByte((byte)' ');
        return stream.ToArray();
    }

    private static SafetensorsHeader Parse(JsonElement root, string file)
    {
        var metadata = new Dictionary<string, string>();
        var found = new List<(string Name, TensorType Type, long Begin, long End)>();
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name != MetadataKey) found.Add(ParseEntry(property, file));
            else if (property.Value.ValueKind != JsonValueKind.Object) throw new InvalidFileException($"{file}: '{MetadataKey}' is not an object");
            else foreach (var text in property.Value.EnumerateObject())
            {
                if (text.Value.ValueKind != JsonValueKind.String) throw new InvalidFileException($"{file}: '{MetadataKey}' may hold text only, but '{text.Name}' is {text.Value.ValueKind}");
                metadata.Add(text.Name, text.Value.GetString()!);
            }
        }
        found.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long end = 0;
        foreach (var entry in found)
        {
            if (entry.Begin < end) throw new InvalidFileException($"{file}: tensor '{entry.Name}' begins at {entry.Begin} and overlaps the one before it, which ends at {end}");
            if (entry.Begin > end) throw new InvalidFileException($"{file}: bytes {end} to {entry.Begin} before tensor '{entry.Name}' belong to no tensor");
            end = entry.End;
        }
        return new([.. found.Select(e => (e.Name, e.Type))], metadata);
    }

    private static (string, TensorType, long, long) ParseEntry(JsonProperty property, string file)
    {
        InvalidFileException Bad(string why) => new($"{file}: tensor '{property.Name}': {why}");
        if (property.Value.ValueKind != JsonValueKind.Object) throw Bad("its entry is not an object");
        if (!property.Value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String) throw Bad("it has no 'dtype' text");
        var type = Array.IndexOf(Names, dtype.GetString());
        if (type < 0) throw Bad($"the type '{dtype.GetString()}' is not known; known are {string.Join(", ", Names)}");
        var sizes = Numbers("shape");
        var offsets = Numbers("data_offsets");
        if (offsets.Length != 2 || offsets[0] > offsets[1]) throw Bad($"'data_offsets' must be [begin, end], but is [{string.Join(", ", offsets)}]");
        try
        {
            var tensor = new TensorType((DType)type, Shape.Create(sizes));
            if (checked(tensor.Shape.ElementCount * tensor.DType.Size()) is var bytes && bytes != offsets[1] - offsets[0])
                throw Bad($"{tensor} needs {bytes} bytes, but its offsets [{offsets[0]}, {offsets[1]}] span {offsets[1] - offsets[0]}");
            return (property.Name, tensor, offsets[0], offsets[1]);
        }
        catch (Exception e) when (e is ShapeMismatchException or OverflowException) { throw Bad(e.Message); }

        long[] Numbers(string name)
        {
            if (!property.Value.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array) throw Bad($"it has no '{name}' list");
            return [.. array.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number && v.TryGetInt64(out var n) && n >= 0 ? n
                : throw Bad($"'{name}' holds {v.GetRawText()}, which is not a whole number of at least 0"))];
        }
    }
}
