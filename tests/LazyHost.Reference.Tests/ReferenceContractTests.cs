using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Contract.Xunit;

namespace LazyHost.Reference.Tests;

public class ReferenceContractTests : BackendContract
{
    protected override IBackend CreateBackend() => new ReferenceBackend();
}
