using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace LazyHost.Simd.Tests;

/// <summary>Every pair of element types.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CombinatorialTypesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. DTypes.All.SelectMany(a => DTypes.All.Select(b => (ITheoryDataRow)new TheoryDataRow<DType, DType>(a, b)))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
