namespace LazyHost;

public partial class Tensor
{
    /// <summary>The graph that computes this tensor from what is on the device, as text. What is only recorded stays so; nothing is run.</summary>
    /// <param name="format">How it is written; <see cref="DumpFormat.Backend"/> compiles it, and throws the program away.</param>
    /// <exception cref="StepException">It was recorded in a step that was discarded.</exception>
    /// <exception cref="LazyHostException">The backend cannot compile it.</exception>
    public string Dump(DumpFormat format = DumpFormat.Text) => Device.Dump([this], format);
}
