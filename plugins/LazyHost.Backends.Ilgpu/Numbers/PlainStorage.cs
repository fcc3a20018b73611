namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>Elements that are computed with as they are.</summary>
internal readonly struct PlainStorage<T> : IStorage<T, T>
{
    public static T Widen(T stored) => stored;

    public static T Narrow(T value) => value;
}
