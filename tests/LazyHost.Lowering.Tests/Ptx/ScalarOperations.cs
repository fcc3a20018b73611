using System.Reflection.Emit;
using LazyHost.IR;

namespace LazyHost.Lowering.Tests.Ptx;

/// <summary>Element-wise primitives and reductions as scalar IL. Comparisons are ordered only, and greatest and least care for NaN by hand.</summary>
internal static class ScalarOperations
{
    public static Type NetType(DType type) => type switch
    {
        DType.Float32 => typeof(float),
        DType.Float64 => typeof(double),
        DType.Int32 => typeof(int),
        DType.Int64 => typeof(long),
        DType.Bool => typeof(byte),
        _ => throw new NotSupportedException($"the test emitter takes no {type.Name()}"),
    };

    public static Type StackType(DType type) => type == DType.Bool ? typeof(int) : NetType(type);

    public static void Constant(ILGenerator il, long bits, DType type)
    {
        switch (type)
        {
            case DType.Float32: il.Emit(OpCodes.Ldc_R4, (float)BitConverter.Int64BitsToDouble(bits)); break;
            case DType.Float64: il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(bits)); break;
            case DType.Int64: il.Emit(OpCodes.Ldc_I8, bits); break;
            default: il.Emit(OpCodes.Ldc_I4, (int)bits); break;
        }
    }

    public static void Identity(ILGenerator il, PrimitiveKind kind, DType type) => Constant(il, Interpreters.Elements.Reduce(kind, type, []), type);

    public static void Accumulate(ILGenerator il, PrimitiveKind kind, LocalBuilder accumulator, LocalBuilder value)
    {
        switch (kind)
        {
            case PrimitiveKind.ReduceMax: Extreme(il, OpCodes.Bgt, value, accumulator); break;
            case PrimitiveKind.ReduceMin: Extreme(il, OpCodes.Blt, value, accumulator); break;
            default:
                il.Emit(OpCodes.Ldloc, accumulator);
                il.Emit(OpCodes.Ldloc, value);
                il.Emit(kind switch { PrimitiveKind.ReduceSum => OpCodes.Add, PrimitiveKind.ReduceProd => OpCodes.Mul, PrimitiveKind.ReduceAnd => OpCodes.And,
                    _ => OpCodes.Or });
                break;
        }
        il.Emit(OpCodes.Stloc, accumulator);
    }

    public static void Apply(ILGenerator il, PrimitiveKind kind, DType from, DType to, LocalBuilder[] x)
    {
        if (kind is PrimitiveKind.Max or PrimitiveKind.Min) { Extreme(il, kind == PrimitiveKind.Max ? OpCodes.Bgt : OpCodes.Blt, x[0], x[1]); return; }
        if (kind == PrimitiveKind.Select) { Select(il, () => { il.Emit(OpCodes.Ldloc, x[0]); il.Emit(OpCodes.Ldc_I4_0); }, OpCodes.Bgt, x[1], x[2]); return; }
        foreach (var operand in x) il.Emit(OpCodes.Ldloc, operand);
        switch (kind)
        {
            case PrimitiveKind.Add: il.Emit(OpCodes.Add); break;
            case PrimitiveKind.Sub: il.Emit(OpCodes.Sub); break;
            case PrimitiveKind.Mul: il.Emit(OpCodes.Mul); break;
            case PrimitiveKind.Div when from.IsFloat(): il.Emit(OpCodes.Div); break;
            case PrimitiveKind.Neg: il.Emit(OpCodes.Neg); break;
            case PrimitiveKind.And: il.Emit(OpCodes.And); break;
            case PrimitiveKind.Or: il.Emit(OpCodes.Or); break;
            case PrimitiveKind.Lt: il.Emit(OpCodes.Clt); break;
            case PrimitiveKind.Gt: il.Emit(OpCodes.Cgt); break;
            case PrimitiveKind.Eq: il.Emit(OpCodes.Ceq); break;
            case PrimitiveKind.Ge when from == DType.Int64: il.Emit(OpCodes.Clt); Not(il); break;
            case PrimitiveKind.Cast when to == DType.Float32 && from.IsSigned(): il.Emit(OpCodes.Conv_R4); break;
            case PrimitiveKind.Exp when to == DType.Float32: Call(il, nameof(MathF.Exp)); break;
            case PrimitiveKind.Sqrt when to == DType.Float32: Call(il, nameof(MathF.Sqrt)); break;
            case PrimitiveKind.Rsqrt when to == DType.Float32: Call(il, nameof(MathF.Sqrt)); Reciprocal(il, 1); break;
            case PrimitiveKind.Tanh when to == DType.Float32: Tanh(il); break;
            default: throw new NotSupportedException($"the test emitter takes no {kind} from {from.Name()} to {to.Name()}");
        }
    }

    // 1 - 2 / (e^2x + 1): the hardware's own tanh keeps only 11 bits
    private static void Tanh(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_R4, 2f);
        il.Emit(OpCodes.Mul);
        Call(il, nameof(MathF.Exp));
        il.Emit(OpCodes.Ldc_R4, 1f);
        il.Emit(OpCodes.Add);
        Reciprocal(il, -2);
        il.Emit(OpCodes.Ldc_R4, 1f);
        il.Emit(OpCodes.Add);
    }

    private static void Reciprocal(ILGenerator il, float numerator)
    {
        var divisor = il.DeclareLocal(typeof(float));
        il.Emit(OpCodes.Stloc, divisor);
        il.Emit(OpCodes.Ldc_R4, numerator);
        il.Emit(OpCodes.Ldloc, divisor);
        il.Emit(OpCodes.Div);
    }

    private static void Not(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }

    private static void Call(ILGenerator il, string function) => il.Emit(OpCodes.Call, typeof(MathF).GetMethod(function, [typeof(float)])!);

    // a where a beats b or is no number, else b
    private static void Extreme(ILGenerator il, OpCode beats, LocalBuilder a, LocalBuilder b)
    {
        var (first, isNumber, end) = (il.DefineLabel(), il.DefineLabel(), il.DefineLabel());
        var result = il.DeclareLocal(a.LocalType);
        il.Emit(OpCodes.Ldloc, a);
        il.Emit(OpCodes.Ldloc, b);
        il.Emit(beats, first);
        il.Emit(OpCodes.Ldloc, a);
        il.Emit(OpCodes.Ldloc, a);
        il.Emit(OpCodes.Beq, isNumber);
        il.MarkLabel(first);
        il.Emit(OpCodes.Ldloc, a);
        il.Emit(OpCodes.Stloc, result);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(isNumber);
        il.Emit(OpCodes.Ldloc, b);
        il.Emit(OpCodes.Stloc, result);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ldloc, result);
    }

    private static void Select(ILGenerator il, Action condition, OpCode branch, LocalBuilder then, LocalBuilder otherwise)
    {
        var (first, end) = (il.DefineLabel(), il.DefineLabel());
        var result = il.DeclareLocal(then.LocalType);
        condition();
        il.Emit(branch, first);
        il.Emit(OpCodes.Ldloc, otherwise);
        il.Emit(OpCodes.Stloc, result);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(first);
        il.Emit(OpCodes.Ldloc, then);
        il.Emit(OpCodes.Stloc, result);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ldloc, result);
    }
}
