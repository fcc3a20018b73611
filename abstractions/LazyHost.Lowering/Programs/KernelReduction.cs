using LazyHost.IR;

namespace LazyHost.Lowering.Programs;

/// <summary>Reduces an expression over the inner loops, for each outer point.</summary>
/// <param name="Kind">ReduceSum, ReduceProd, ReduceMax, ReduceMin, ReduceAnd or ReduceOr.</param>
/// <param name="Expression">What is reduced; its type is the accumulator's, with f16 and bf16 accumulated in f32.</param>
public readonly record struct KernelReduction(PrimitiveKind Kind, int Expression);
