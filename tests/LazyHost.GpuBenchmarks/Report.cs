using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyHost.GpuBenchmarks;

/// <summary>Writes a line for each measurement, and one that says why where there is none.</summary>
/// <param name="json">JSON lines instead of text.</param>
/// <param name="hasVerdicts">Whether it says of each measurement that what is wanted was met.</param>
internal sealed class Report(bool json, bool hasVerdicts)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>How many could not be measured.</summary>
    public int Missing { get; private set; }

    /// <summary>Says something about those that follow.</summary>
    public void Note(string text) => (json ? Console.Error : Console.Out).WriteLine(text);

    /// <summary>Measures and writes; gives the value, or null where there is none.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="unit">Of the value and the limit.</param>
    /// <param name="measure">Measures it.</param>
    /// <param name="limit">What the value is compared with.</param>
    /// <param name="wanted">How many percent of the limit are wanted: at least, or for a limit not to be passed, see <paramref name="isMost"/>, at most.</param>
    /// <param name="isMost">The limit is one not to be passed.</param>
    public double? Measure(string name, string unit, Func<double> measure, double? limit = null, double? wanted = null, bool isMost = false)
    {
        double value;
        try { value = measure(); }
        catch (Exception e)
        {
            Lack(name, e.GetBaseException().Message);
            return null;
        }
        var percent = limit > 0 ? 100 * value / limit : null;
        bool? met = percent is null || wanted is null || !hasVerdicts ? null : isMost ? percent <= wanted : percent >= wanted;
        if (json) Write(new MeasuredLine(name, Rounded(value), unit, limit is { } l ? Rounded(l) : null, percent is { } p ? Math.Round(p, 1) : null, wanted, met));
        else
        {
            var compared = percent is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{percent,8:F1} % of {limit:G4}");
            var verdict = met is null ? "" : string.Create(CultureInfo.InvariantCulture, $"  ({(isMost ? "at most" : "at least")} {wanted} % wanted: {(met.Value ? "met" : "missed")})");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-52} {Rounded(value),12} {unit,-8}{compared}{verdict}"));
        }
        return value;
    }

    /// <summary>Says that something could not be measured, and why.</summary>
    public void Lack(string name, string reason)
    {
        Missing++;
        if (json) Write(new LackLine(name, reason));
        else Console.WriteLine($"{name,-52} none: {reason}");
    }

    private static void Write<T>(T line) => Console.WriteLine(JsonSerializer.Serialize(line, Format));

    /// <summary>Four digits that count.</summary>
    private static double Rounded(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private sealed record MeasuredLine(string Name, double Value, string Unit, double? Limit, double? Percent, double? WantedPercent, bool? Met);

    private sealed record LackLine(string Name, string Error);
}
