using LazyHost.Backends;
using LazyHost.Backends.Simd;
using LazyHost.Contract.Xunit;

namespace LazyHost.Simd.Tests.ContractTests;

public class SimdContractTests : BackendContract
{
    protected override IBackend CreateBackend() => new SimdBackend(new SimdSettings());
}
