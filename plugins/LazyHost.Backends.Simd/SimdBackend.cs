namespace LazyHost.Backends.Simd;
internal class SimdBackend : IBackend { public SimdBackend(SimdSettings s){} }
