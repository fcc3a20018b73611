using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>A buffer of a kernel as elements of a type; a buffer that is read in several ways is several parameters.</summary>
internal readonly record struct KernelParameter(int Buffer, Type Type)
{
    public static KernelParameter[] Of(Kernel kernel, KernelSchedule schedule) => [.. Enumerable.Range(0, kernel.Accesses.Count).Select(a => Of(kernel, schedule, a)).Distinct()];

    public static KernelParameter Of(Kernel kernel, KernelSchedule schedule, int access)
    {
        var (buffer, type) = (kernel.Accesses[access].Buffer, kernel.Accesses[access].DType);
        return new(buffer, schedule.Modes[access] == AccessMode.Wide ? ElementTypes.Pack(type, schedule.Copies) : ElementTypes.Of(type));
    }
}
