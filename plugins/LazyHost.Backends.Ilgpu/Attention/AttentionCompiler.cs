using System.Numerics;
using ILGPU.Runtime.OpenCL;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.TensorCores;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>Says which attentions are one kernel, and makes their steps.</summary>
internal sealed class AttentionCompiler(DeviceSession session)
{
    private const long SmallSize = 64;
    private const long LargeSize = 128;

    /// <summary>Fewer queries leave most of a tile idle, and their scores are few.</summary>
    private const long LeastQueries = 16;

    private const long MostRows = 1 << 29;

    /// <summary>Bytes of scores from which on memory counts more than that tensor cores multiply faster.</summary>
    private const long ManyBytes = 1L << 30;

    /// <summary>PoCL compiles the kernel wrongly once in a while: the same text gives other code in another compilation.</summary>
    public bool IsReliable { get; } = session.Accelerator is not CLAccelerator { Device: CLDevice { PlatformName: "Portable Computing Language" } };

    /// <summary>True where <see cref="Compile"/> takes attention of these sizes and it is worth it.</summary>
    public bool Takes(AttentionSizes sizes) => IsReliable && Fits(sizes) && sizes.Queries >= LeastQueries && (!HasTensorCores(sizes.DType) || Scores(sizes) >= ManyBytes);

    /// <summary>The step of an attention of a type and size there is a kernel for.</summary>
    public DeviceStep Compile(AttentionStep step) =>
        !Fits(step.Sizes) ? throw new UnsupportedOperatorException($"the ILGPU backend has no kernel for attention of {step.Sizes}") : step.Sizes.DType switch
        {
            DType.Float32 => Make<float, PlainStorage<float>>(step),
            DType.Float16 => Make<ushort, Float16Storage>(step),
            _ => Make<ushort, BFloat16Storage>(step),
        };

    private static bool Fits(AttentionSizes sizes) =>
        sizes.DType is DType.Float32 or DType.Float16 or DType.BFloat16 && Math.Max(sizes.HeadSize, sizes.ValueSize) <= LargeSize && Math.Max(Math.Max(sizes.Queries, sizes.Keys), sizes.Heads) <= MostRows;

    private bool HasTensorCores(DType type) => type.Size() == 2 && TensorCore.IsOn(session.Accelerator);

    private static long Scores(AttentionSizes sizes) => sizes.Batch * sizes.Heads * sizes.Queries * sizes.Keys * sizes.DType.Size();

    private DeviceStep Make<TStored, TStorage>(AttentionStep step) where TStored : unmanaged, INumber<TStored> where TStorage : struct, IStorage<TStored, float> =>
        Math.Max(step.Sizes.HeadSize, step.Sizes.ValueSize) <= SmallSize ? new AttentionRun<TStored, TStorage, SmallHead>(session, step) : new AttentionRun<TStored, TStorage, LargeHead>(session, step);
}
