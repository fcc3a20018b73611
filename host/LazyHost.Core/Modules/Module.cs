namespace LazyHost;

/// <summary>A part of a model: parameters, and a function of a tensor.</summary>
public abstract class Module
{
    private readonly List<(string Name, Parameter Parameter)> parameters = [];
    private readonly List<(string Name, Module Module)> children = [];

    /// <summary>True while training, which some modules do differently. Set by <see cref="Train"/>.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>Records the function.</summary>
    public abstract Tensor Forward(Tensor input);

    /// <summary>The parameters of this module and its children, with names such as <c>2.weight</c>.</summary>
    public IEnumerable<KeyValuePair<string, Parameter>> NamedParameters()
    {
        foreach (var (name, parameter) in parameters) yield return new(name, parameter);
        foreach (var (name, child) in children)
            foreach (var (inner, parameter) in child.NamedParameters()) yield return new($"{name}.{inner}", parameter);
    }

    /// <summary>The parameters of this module and its children.</summary>
    public IEnumerable<Parameter> Parameters() => NamedParameters().Select(p => p.Value);

    /// <summary>Switches this module and its children between training and inference. Returns this module.</summary>
    public Module Train(bool training = true)
    {
        IsTraining = training;
        foreach (var (_, child) in children) child.Train(training);
        return this;
    }

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters()) parameter.Grad = null;
    }

    /// <summary>Gives the parameters the values of these tensors, by name.</summary>
    /// <exception cref="InvalidFileException">A parameter is missing, unknown, or has another type.</exception>
    public void LoadParameters(IReadOnlyDictionary<string, Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var own = NamedParameters().ToDictionary();
        foreach (var (name, parameter) in own)
        {
            if (!values.TryGetValue(name, out var value)) throw new InvalidFileException($"parameter '{name}' ({parameter.Type}) is missing; given are {string.Join(", ", values.Keys)}");
            if (value.Type != parameter.Type) throw new InvalidFileException($"parameter '{name}' is given as {value.Type} but is {parameter.Type} in the model");
        }
        if (values.Keys.FirstOrDefault(name => !own.ContainsKey(name)) is { } unknown)
            throw new InvalidFileException($"'{unknown}' is given, which the model has not; it has {string.Join(", ", own.Keys)}");
        foreach (var (name, parameter) in own) parameter.Load(values[name]);
    }

    /// <summary>Makes a parameter known under a name.</summary>
    protected Parameter Register(string name, Tensor initial)
    {
        var parameter = new Parameter(initial);
        parameters.Add((name, parameter));
        return parameter;
    }

    /// <summary>Makes a child known under a name.</summary>
    protected T Register<T>(string name, T child) where T : Module
    {
        children.Add((name, child));
        return child;
    }
}
