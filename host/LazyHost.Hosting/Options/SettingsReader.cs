using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LazyHost.Hosting;

/// <summary>Reads a section's settings and collects every fault, unknown names included, instead of stopping at the first.</summary>
internal sealed class SettingsReader(IConfiguration section, string path, List<string> faults)
{
    private readonly List<string> known = [];

    public void Text(string name, Action<string> set) => Value(name, set);

    public void Integer(string name, Action<int> set) => Value(name, text =>
    {
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)) set(value);
        else Fault(name, $"is '{text}', not a whole number");
    });

    public void Flag(string name, Action<bool> set) => Value(name, text =>
    {
        if (bool.TryParse(text, out var value)) set(value);
        else Fault(name, $"is '{text}', not true or false");
    });

    public void Bytes(string name, Action<long> set) => Value(name, text =>
    {
        if (ByteSize.TryParse(text, out var value)) set(value);
        else Fault(name, $"is '{text}', not a size such as 512MB or 1GB");
    });

    public void Choice<T>(string name, Action<T> set) where T : struct, Enum => Value(name, text =>
    {
        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)) set(value);
        else Fault(name, $"is '{text}'; it may be {string.Join(" or ", Enum.GetNames<T>())}");
    });

    public void List(string name, Action<IList<string>> set)
    {
        known.Add(name);
        var list = section.GetSection(name);
        var items = list.GetChildren().Select(c => c.Value).ToList();
        if (!string.IsNullOrEmpty(list.Value)) Fault(name, $"is '{list.Value}'; write a list, [ \"{list.Value}\" ]");
        else if (items.Exists(string.IsNullOrWhiteSpace)) Fault(name, "has an entry without text");
        else if (items.Count > 0 || list.Value is not null) set([.. items.OfType<string>()]);
    }

    public void Section(string name, Action<SettingsReader> read)
    {
        known.Add(name);
        var reader = new SettingsReader(section.GetSection(name), $"{path}:{name}", faults);
        reader.RequireSection();
        read(reader);
        reader.RefuseUnknown();
    }

    /// <summary>Sections whose content others read.</summary>
    public void Sections(string name) => Section(name, reader =>
    {
        foreach (var child in reader.Names()) reader.Section(child, inner => inner.known.AddRange(inner.Names()));
    });

    /// <summary>Reports a value where there should be settings.</summary>
    public void RequireSection()
    {
        if (section is IConfigurationSection { Value: { Length: > 0 } value }) faults.Add($"{path} is '{value}', but should be a section");
    }

    /// <summary>Reports every name that was not asked for.</summary>
    public void RefuseUnknown()
    {
        foreach (var child in section.GetChildren())
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                Fault(child.Key, $"is not known; {(Spelling.Nearest(child.Key, known) is { } near ? $"did you mean {near}?" : $"known are {string.Join(", ", known)}")}");
    }

    private IEnumerable<string> Names() => section.GetChildren().Select(child => child.Key);

    private void Value(string name, Action<string> set)
    {
        known.Add(name);
        var value = section.GetSection(name);
        if (value.GetChildren().Any()) Fault(name, "is a section or list, but should be one value");
        else if (!string.IsNullOrEmpty(value.Value)) set(value.Value);
    }

    private void Fault(string name, string what) => faults.Add($"{path}:{name} {what}");
}
