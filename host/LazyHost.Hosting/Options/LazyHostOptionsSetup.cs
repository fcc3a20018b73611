using LazyHost.Operators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LazyHost.Hosting;

/// <summary>Reads the options from configuration, and checks what came of it and of any code that changed it.</summary>
internal sealed class LazyHostOptionsSetup(IConfiguration section, string path) : IConfigureOptions<LazyHostOptions>, IValidateOptions<LazyHostOptions>
{
    public void Configure(LazyHostOptions options)
    {
        options.Path = path;
        var reader = new SettingsReader(section, path, options.Faults);
        reader.RequireSection();
        reader.Text("DefaultDevice", v => options.DefaultDevice = v);
        reader.Section("Plugins", r =>
        {
            r.Text("Directory", v => options.Plugins.Directory = v);
            r.List("Enabled", v =>
            {
                if (v.Count == 0) options.Faults.Add($"{path}:Plugins:Enabled is empty: name what to load, or leave it out for every folder");
                options.Plugins.Enabled = v;
            });
        });
        reader.Section("Fallback", r =>
        {
            r.Choice<FallbackPolicy>("Policy", v => options.Fallback.Policy = v);
            r.List("Chain", v => options.Fallback.Chain = v);
            r.List("Force", v => options.Fallback.Force = v);
        });
        reader.Section("ComputationCache", r =>
        {
            r.Integer("Entries", v => options.ComputationCache.Entries = v);
            r.Bytes("Bytes", v => options.ComputationCache.Bytes = v);
            r.Text("Directory", v => options.ComputationCache.Directory = v);
            r.Bytes("DirectoryBytes", v => options.ComputationCache.DirectoryBytes = v);
        });
        reader.Section("DataCache", r => r.Integer("EntriesPerDevice", v => options.DataCache.EntriesPerDevice = v));
        reader.Section("Execution", r =>
        {
            r.Integer("QueueDepth", v => options.Execution.QueueDepth = v);
            r.Bytes("MemoryBudget", v => options.Execution.MemoryBudget = v);
            r.Integer("SegmentNodeLimit", v => options.Execution.SegmentNodeLimit = v);
            r.Integer("MaxCompiles", v => options.Execution.MaxCompiles = v);
            r.Choice<ExecutionMode>("Mode", v => options.Execution.Mode = v);
        });
        reader.Section("Diagnostics", r =>
        {
            r.Text("DumpFile", v => options.Diagnostics.DumpFile = v);
            r.Choice<DumpFormat>("DumpFormat", v => options.Diagnostics.DumpFormat = v);
            r.Flag("Frames", v => options.Diagnostics.Frames = v);
        });
        reader.Sections("Backends");
        reader.RefuseUnknown();
    }

    /// <summary>Throws rather than returning a failure, so that a wrong setting is the same error wherever it is found.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the message lists all of it.</exception>
    public ValidateOptionsResult Validate(string? name, LazyHostOptions options)
    {
        var faults = new List<string>(options.Faults);
        void Check(bool right, string setting, string what)
        {
            if (!right) faults.Add($"{options.Path}:{setting} {what}");
        }
        Check(options.DefaultDevice is null || DeviceId.TryParse(options.DefaultDevice, out _), "DefaultDevice", $"is '{options.DefaultDevice}', not a device name; write kind:ordinal, for example simd:0");
        Check(!string.IsNullOrWhiteSpace(options.Plugins.Directory), "Plugins:Directory", "is empty");
        foreach (var unknown in options.Fallback.Force.Where(name => OperatorCatalog.Find(name) is null))
            Check(false, "Fallback:Force", $"names '{unknown}', but there is no such operator{(Spelling.Nearest(unknown, OperatorCatalog.All.Select(form => form.Name)) is { } near ? $"; did you mean {near}?" : "")}");
        Check(options.ComputationCache.Entries >= 1, "ComputationCache:Entries", $"is {options.ComputationCache.Entries}, but must be at least 1");
        Check(options.ComputationCache.Bytes >= 1, "ComputationCache:Bytes", $"is {options.ComputationCache.Bytes}, but must be at least 1");
        Check(options.ComputationCache.DirectoryBytes >= 1, "ComputationCache:DirectoryBytes", $"is {options.ComputationCache.DirectoryBytes}, but must be at least 1");
        Check(options.DataCache.EntriesPerDevice >= 0, "DataCache:EntriesPerDevice", $"is {options.DataCache.EntriesPerDevice}, but must be at least 0");
        Check(options.Execution.QueueDepth is >= 1 and <= 64, "Execution:QueueDepth", $"is {options.Execution.QueueDepth}, but must be 1 to 64");
        Check(options.Execution.SegmentNodeLimit >= 100, "Execution:SegmentNodeLimit", $"is {options.Execution.SegmentNodeLimit}, but must be at least 100");
        Check(options.Execution.MemoryBudget >= 0, "Execution:MemoryBudget", $"is {options.Execution.MemoryBudget}, but must be at least 0");
        Check(options.Execution.MaxCompiles >= 0, "Execution:MaxCompiles", $"is {options.Execution.MaxCompiles}, but must be at least 0");
        Check(Enum.IsDefined(options.Execution.Mode), "Execution:Mode", $"is {options.Execution.Mode}, which is no mode");
        Check(Enum.IsDefined(options.Diagnostics.DumpFormat), "Diagnostics:DumpFormat", $"is {options.Diagnostics.DumpFormat}, which is no format");
        return faults.Count == 0 ? ValidateOptionsResult.Success
            : throw new ConfigurationException($"{(faults.Count == 1 ? "one setting is" : $"{faults.Count} settings are")} wrong:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", faults)}");
    }
}
