using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Kernel = LazyHost.Lowering.Programs.Kernel;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>How many groups of how many threads run a kernel. Group sizes, on which the order of sums depends, follow from the kernel and the device alone.</summary>
internal static class KernelLaunch
{
    /// <summary>The most threads of a group.</summary>
    public const int GroupSize = 256;

    private const int GroupsPerProcessor = 32, Tile = 32;

    public static KernelConfig Of(Kernel kernel, KernelSchedule schedule, Accelerator accelerator)
    {
        var most = (int)Math.Min(GroupSize, BitOperations.RoundUpToPowerOf2((uint)accelerator.MaxNumThreadsPerGroup + 1) / 2);
        var limit = (long)accelerator.NumMultiprocessors * GroupsPerProcessor;
        var (group, groups) = schedule.Walk switch
        {
            KernelWalk.Map => Threads(kernel.OuterCount / schedule.Copies),
            KernelWalk.ThreadRow => Threads(kernel.OuterCount),
            KernelWalk.Tile => (most, Tiles()),
            _ => (Math.Min(most, Math.Max(32, (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Min(kernel.InnerCount / schedule.Copies / 2, GroupSize)))), kernel.OuterCount),
        };
        return new((int)Math.Clamp(groups, 1, Math.Max(1, limit)), group);

        // Small kernels are spread over the processors in smaller groups.
        (int, long) Threads(long points)
        {
            var size = points < (long)accelerator.NumMultiprocessors * GroupSize ? Math.Min(most, 64) : most;
            return (size, (points + size - 1) / size);
        }

        long Tiles()
        {
            var (along, across) = (kernel.Sizes[^1], kernel.Sizes[schedule.TurnedLoop]);
            return (along + Tile - 1) / Tile * ((across + Tile - 1) / Tile) * (kernel.OuterCount / (along * across));
        }
    }
}
