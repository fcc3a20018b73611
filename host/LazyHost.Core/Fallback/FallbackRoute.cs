using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost;

/// <summary>Where the operators of a device's segments run: on itself, or where its backend says no, on the first device of the chain that can. Immutable.</summary>
internal sealed class FallbackRoute
{
    private readonly HashSet<string> forced;
    private readonly long[] keyNumbers;

    public FallbackRoute(Device device, IReadOnlyList<Device> all)
    {
        var options = device.Engine.Options;
        Device = device;
        Chain = [.. options.FallbackChain.Where(kind => kind != device.Id.Kind).Distinct().Select(kind => all.FirstOrDefault(d => d.Id.Kind == kind)).OfType<Device>()];
        // A device of the chain is where others are sent to: it runs everything itself.
        forced = options.FallbackChain.Contains(device.Id.Kind) ? [] : [.. options.ForcedFallback];
        var routes = string.Concat(Chain.Select(d => $"|{d.Host.Kind}|{d.Host.Identity}")) + string.Concat(forced.Order(StringComparer.Ordinal).Select(name => $"|{name}"));
        keyNumbers = Array.ConvertAll([false, true], anySize => device.Engine.IdentityNumber($"{device.Host.Kind}|{device.Host.Identity}|{Options(device.Engine, anySize)}{routes}"));
    }

    public Device Device { get; }

    /// <summary>The devices asked when its own backend cannot, in this order.</summary>
    public Device[] Chain { get; }

    /// <summary>Stands in keys for every backend that may be used: build, features, compile options, and what is forced away.</summary>
    public long KeyNumber(bool anySize) => keyNumbers[anySize ? 1 : 0];

    /// <summary>The options a segment is compiled with.</summary>
    public static CompilationOptions Options(LazyEngine engine, bool anySize) => anySize ? engine.Options.Compilation with { AnySize = true } : engine.Options.Compilation;

    /// <summary>What the device's own backend says; no to what is forced down the chain.</summary>
    public Capability Query(in OperatorQuery query) => forced.Contains(query.Form.Name) ? Capability.No : Device.Host.Backend.Query(query);

    /// <summary>The device that runs an operator.</summary>
    /// <exception cref="UnsupportedOperatorException">None can.</exception>
    /// <exception cref="DeviceGoneException">One of them has been removed.</exception>
    public Device Find(OperatorForm form, Attributes attributes, ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> outputs) =>
        TryFind(form, attributes, operands, outputs, out var why) ?? throw Refused(form, why!);

    /// <summary>The operators its own backend refuses in some element type, asked with the samples of each.</summary>
    public IEnumerable<MissingOperator> FindMissing()
    {
        foreach (var form in OperatorCatalog.All)
        {
            var refused = new List<(DType Type, Device? Fallback)>();
            foreach (var type in form.DTypes)
            {
                if (form.Samples(type).FirstOrDefault() is not { } sample) continue;
                TensorType[] operands = [.. sample.Inputs.Select(input => input.Type)];
                var outputs = new TensorType[form.OutputCount];
                form.Infer(new(form, operands, sample.Attributes), outputs);
                var found = TryFind(form, sample.Attributes, operands, outputs, out _);
                if (found != Device) refused.Add((type, found));
            }
            foreach (var group in refused.GroupBy(r => r.Fallback))
                yield return new(form.Name, [.. group.Select(r => r.Type)], group.Count() == form.DTypes.Count, group.Key?.Id);
        }
    }

    /// <summary>The device that runs an operator; where there is none, null, and why its own backend does not.</summary>
    private Device? TryFind(OperatorForm form, Attributes attributes, ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> outputs, out string? why)
    {
        why = OperatorSupport.WhyNot(Query, form, attributes, operands, outputs);
        if (why is null) return Device;
        foreach (var device in Chain)
        {
            device.Host.Enter();
            try
            {
                if (OperatorSupport.WhyNot(device.Host.Backend.Query, form, attributes, operands, outputs) is null) return device;
            }
            finally
            {
                device.Host.Leave();
            }
        }
        return null;
    }

    private UnsupportedOperatorException Refused(OperatorForm form, string why)
    {
        var kinds = Device.Engine.Options.FallbackChain;
        var (own, reason) = forced.Contains(form.Name) ? ($"Fallback:Force takes it from {Device.Id} (backend '{Device.PluginId}')", "")
            : ($"the backend '{Device.PluginId}' of {Device.Id} cannot run it", $": {why}");
        return kinds.Count == 0
            ? new($"{own}, and fallback is forbidden{reason}. Set Fallback:Policy to Allow and name a backend that can run it in Fallback:Chain")
            : new($"{own}, nor can the fallback chain ({string.Join(", ", kinds)}; of these, loaded beside it: {(Chain.Length == 0 ? "none" : string.Join<Device>(", ", Chain))}){reason}. Name a backend that can run it in Fallback:Chain");
    }
}
