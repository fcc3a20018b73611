using System.Text.Encodings.Web;
using System.Text.Json;

namespace LazyHost.Cli;

/// <summary>Standard output, by one rule: with <c>--json</c> it carries JSON lines alone, and text for people goes to standard error.</summary>
internal sealed class Output(bool json)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A result: a JSON line of the record, or the text.</summary>
    public void Result<T>(T record, string text) => Console.Out.WriteLine(json ? JsonSerializer.Serialize(record, Format) : text);

    /// <summary>Text for people alone.</summary>
    public void Note(string text) => (json ? Console.Error : Console.Out).WriteLine(text);
}
