using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LazyHost.Tests;

/// <summary>Holds tests/README.md to the sources: every test it names is there, and so is every case of it.</summary>
public sealed partial class TestTableTests
{
    [Fact]
    public void EveryTestOfTheTableExists()
    {
        var page = File.ReadAllText(Path.Combine(Tests(), "README.md"));
        var tests = FindTests();
        var named = Named().Matches(page);
        Assert.True(named.Count > 150, $"only {named.Count} tests are named");
        Assert.Empty(named.Select(m => m.Groups["test"].Value).Where(test => !tests.ContainsKey(test)).Distinct());
        foreach (Match match in named)
            if (match.Groups["case"] is { Success: true } of) Assert.Contains($"\"{of.Value}\"", tests[match.Groups["test"].Value], StringComparison.Ordinal);
    }

    [Fact]
    public void EveryRowOfTheTableHasAnAnswer()
    {
        var rows = File.ReadLines(Path.Combine(Tests(), "README.md")).SkipWhile(line => !line.StartsWith("## C++", StringComparison.Ordinal))
            .Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal) && !line.EndsWith("| ours |", StringComparison.Ordinal)).ToList();
        Assert.True(rows.Count > 80, $"only {rows.Count} rows");
        Assert.All(rows, row => Assert.True(row.Split(" | ") is [_, var ours] && (Named().IsMatch(ours) || ours.Contains("**later**", StringComparison.Ordinal) || ours.StartsWith("none: ", StringComparison.Ordinal)), row));
    }

    [Fact]
    public void EveryReportOfOtherRuntimesHasItsRow() =>
        Assert.Equal(Enumerable.Range(1, 20).Select(n => $"| {n}."), File.ReadLines(Path.Combine(Tests(), "README.md"))
            .SkipWhile(line => line != "## What users of other runtimes reported").Where(line => line.StartsWith('|')).Skip(2).Select(row => row[..(row.IndexOf('.') + 1)]));

    /// <summary>The tests of all projects, Class.Method, with the text of their file.</summary>
    private static Dictionary<string, string> FindTests()
    {
        var tests = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(Tests(), "*Tests.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            foreach (Match test in Test().Matches(text)) tests[$"{Path.GetFileNameWithoutExtension(file)}.{test.Groups[1].Value}"] = text;
        }
        return tests;
    }

    private static string Tests([CallerFilePath] string path = "") => Path.GetDirectoryName(Path.GetDirectoryName(path))!;

    [GeneratedRegex("""`(?<test>\w+Tests\.\w+)`(?: "(?<case>[^"]+)")?""")]
    private static partial Regex Named();

    // attributes on lines of their own, then the method
    [GeneratedRegex("""\[(?:Fact|Theory)[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public (?:async )?(?:void|Task|ValueTask) (\w+)\(""")]
    private static partial Regex Test();
}
