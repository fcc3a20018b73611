using LazyHost.Backends;
using LazyHost.Backends.Simd;
using LazyHost.Contract.Xunit;

namespace LazyHost.Simd.Tests.ContractTests;

/// <summary>The contract again, with code that takes sizes, strides and constants as arguments for every kernel.</summary>
public class SharedKernelContractTests : BackendContract
{
    protected override IBackend CreateBackend() => new SimdBackend(new SimdSettings(AnySize: true));
}
