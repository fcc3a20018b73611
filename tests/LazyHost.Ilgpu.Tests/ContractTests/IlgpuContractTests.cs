using ILGPU.Runtime;
using LazyHost.Backends;
using LazyHost.Backends.Ilgpu;
using LazyHost.Contract;
using LazyHost.Contract.Xunit;

namespace LazyHost.Ilgpu.Tests.ContractTests;

/// <summary>The contract suite on the device LAZYHOST_TEST_DEVICE names: in short unless LAZYHOST_CONTRACT_TIER is <c>full</c>. Device and kernels serve all groups.</summary>
public sealed class IlgpuContractTests : BackendContract
{
    private const string NoDevice = "no device for the contract suite: set LAZYHOST_TEST_DEVICE to opencl or cuda where there is one, or run eng/opencl-tests.sh";

    private static readonly Lazy<IlgpuBackend> Shared = new(() => new(TestDevice.Type, new()));

    /// <summary>The groups, or where there is no device one that is skipped.</summary>
    public static new TheoryData<string> Groups => TestDevice.Type != AcceleratorType.CPU ? BackendContract.Groups : new([new TheoryDataRow<string>("none") { Skip = NoDevice }]);

    protected override ContractTier Tier => Environment.GetEnvironmentVariable("LAZYHOST_CONTRACT_TIER") == "full" ? ContractTier.Full : ContractTier.Short;

    protected override IBackend CreateBackend() => Shared.Value;

    protected override ValueTask ReleaseAsync(IBackend backend) => ValueTask.CompletedTask;
}
