namespace LazyHost.Backends.Simd.Threading;

/// <summary>Work in pieces that may run in any order on any thread.</summary>
internal interface IWork
{
    void Run(long piece);
}
