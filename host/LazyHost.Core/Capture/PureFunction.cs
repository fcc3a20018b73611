namespace LazyHost;

/// <summary>A function that is recorded once for each combination of argument types and then put into what its callers record: made by <see cref="Lazy.AssumePure(Func{Tensor, Tensor}, string?, string?, int)"/>.</summary>
internal sealed class PureFunction(Func<Tensor[], Tensor[]> body, string? name, CallSite site)
{
    private const int MostTemplates = 64;

    private readonly Lock recording = new();
    private PureTemplate[] templates = [];

    public string Name { get; } = name ?? site.ToString();

    public Func<Tensor[], Tensor[]> Body { get; } = body;

    /// <summary>Where it was made.</summary>
    public CallSite Site { get; } = site;

    /// <exception cref="CaptureException">The function does what cannot be put into other recordings.</exception>
    /// <exception cref="LazyHostException">It throws, or an argument cannot be taken.</exception>
    public Tensor[] Call(params Tensor[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Length == 0) throw new CaptureException($"pure function '{Name}' was given no tensor; it needs one at least, which says on which device it runs");
        foreach (var argument in arguments)
        {
            ArgumentNullException.ThrowIfNull(argument);
            if (argument.Device != arguments[0].Device)
                throw new CaptureException($"pure function '{Name}' was given tensors on {arguments[0].Device.Id} and {argument.Device.Id}; move one with To(device)");
        }
        return (Find(arguments) ?? Record(arguments)).Replay(arguments);
    }

    private PureTemplate? Find(Tensor[] arguments)
    {
        foreach (var template in Volatile.Read(ref templates))
            if (template.Fits(arguments)) return template;
        return null;
    }

    private PureTemplate Record(Tensor[] arguments)
    {
        using var one = recording.EnterScope();
        if (Find(arguments) is { } made) return made;
        var template = new PureRecorder(this, arguments).Record();
        var kept = templates.Length < MostTemplates ? templates : templates[..(MostTemplates - 1)];
        Volatile.Write(ref templates, [template, .. kept]);
        return template;
    }
}
