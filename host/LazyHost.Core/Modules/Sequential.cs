namespace LazyHost;

/// <summary>Modules one after the other.</summary>
public sealed class Sequential : Module
{
    private readonly Module[] modules;

    /// <summary>Names the modules by their places, from 0.</summary>
    public Sequential(params Module[] modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        this.modules = [.. modules];
        for (var i = 0; i < modules.Length; i++) Register(i.ToString(System.Globalization.CultureInfo.InvariantCulture), modules[i]);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        foreach (var module in modules) input = module.Forward(input);
        return input;
    }
}
