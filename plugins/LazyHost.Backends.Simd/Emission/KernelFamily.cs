using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>
/// Kernels of one structure, whatever their numbers. The first gets code of its own; for the second, code is made that takes the numbers in which the two differ as
/// arguments, and serves all later ones that differ in no others. Where any size is asked for, all numbers are arguments at once.
/// </summary>
internal sealed unsafe class KernelFamily(Kernel first)
{
    private readonly Lock gate = new();
    private readonly HashSet<int> varying = [];
    private readonly long[] literals = [.. KernelNumbers.Of(first).Select(n => n.Value)];
    private KernelBody? shared;
    private bool cannot;

    /// <summary>Code for another kernel of the family. Null where there is no code for many kernels, or it would have to be made and may not.</summary>
    public KernelBody? Get(Kernel kernel, KernelCompiler compiler, CodeRequest request)
    {
        var numbers = KernelNumbers.Of(kernel);
        lock (gate)
        {
            if (cannot) return null;
            var missing = Enumerable.Range(0, literals.Length).Where(i => !varying.Contains(i) && (numbers[i].Value != literals[i] || (request.AnySize && numbers[i].Class is 0 or 2))).ToList();
            if (shared is null || missing.Count > 0)
            {
                if (!request.MayMake) return null;
                varying.UnionWith(missing);
                shared = compiler.CompileShared(Template(kernel), Arguments(kernel));
                cannot = shared is null;
                if (shared is null) return null;
                request.Made++;
            }
            return new BoundKernel(shared, ScalarSlots(kernel), [.. varying.Order().Select(i => numbers[i].Value)]).Run;
        }
    }

    private KernelArguments Arguments(Kernel kernel)
    {
        var first = ScalarSlots(kernel).Length;
        return new(varying.Order().Select((number, i) => (number, slot: first + i)).ToDictionary(n => n.number, n => n.slot));
    }

    /// <summary>The kernel with its scalars numbered by itself, and constants that vary as scalars.</summary>
    private Kernel Template(Kernel kernel)
    {
        var slots = ScalarSlots(kernel);
        var arguments = Arguments(kernel).Slots;
        var constants = KernelNumbers.Constants(kernel);
        var start = KernelNumbers.FirstConstant(kernel);
        return kernel with
        {
            Expressions = [.. kernel.Expressions.Select((e, i) => e.Kind switch
            {
                KernelExpressionKind.Scalar => e with { Index = Array.IndexOf(slots, e.Index) },
                KernelExpressionKind.Constant when constants.IndexOf(i) is >= 0 and var place && arguments.TryGetValue(start + place, out var slot) =>
                    new KernelExpression(KernelExpressionKind.Scalar, e.DType) { Index = slot },
                _ => e,
            })],
        };
    }

    /// <summary>The program's slots of the scalars a kernel takes, in the order of their first use.</summary>
    private static int[] ScalarSlots(Kernel kernel) => [.. kernel.Expressions.Where(e => e.Kind == KernelExpressionKind.Scalar).Select(e => e.Index).Distinct()];
}
