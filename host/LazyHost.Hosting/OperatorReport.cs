namespace LazyHost.Hosting;

/// <summary>Says in one line what the backend of a device lacks, and where that runs instead.</summary>
public static class OperatorReport
{
    private const int Named = 12;

    /// <summary>Text such as <c>all operators but 2: sort (u64), tanh run on reference:0</c>.</summary>
    public static string Describe(IReadOnlyList<MissingOperator> missing) => missing.Count == 0 ? "all operators"
        : $"all operators but {missing.Select(m => m.Name).Distinct().Count()}: " + string.Join("; ", missing.GroupBy(m => m.Fallback).Select(group =>
            string.Join(", ", group.Take(Named)) + (group.Count() > Named ? $" and {group.Count() - Named} more" : "") + (group.Key is { } device ? $" run on {device}" : " cannot be used")));
}
