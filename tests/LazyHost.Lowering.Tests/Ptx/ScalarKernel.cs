using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Lowering.Programs;
using Kernel = LazyHost.Lowering.Programs.Kernel;

namespace LazyHost.Lowering.Tests.Ptx;

/// <summary>A second emitter, to keep kernel descriptions honest: one thread for each outer point, plain loops inside, as IL that ILGPU compiles.</summary>
internal sealed class ScalarKernel
{
    private readonly Kernel kernel;
    private readonly IReadOnlyList<ProgramBuffer> buffers;
    private readonly ILGenerator il;
    private readonly LocalBuilder[] index;
    private readonly List<LocalBuilder[]> reduced = [];

    private ScalarKernel(Kernel kernel, IReadOnlyList<ProgramBuffer> buffers, ILGenerator il)
    {
        (this.kernel, this.buffers, this.il) = (kernel, buffers, il);
        index = [.. kernel.Sizes.Select(_ => il.DeclareLocal(typeof(int)))];
    }

    /// <summary>The kernel as a static method: the outer point, then a view for each buffer in the order <see cref="Buffers"/> gives.</summary>
    public static MethodInfo Emit(Kernel kernel, IReadOnlyList<ProgramBuffer> buffers)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new("kernels"), AssemblyBuilderAccess.RunAndCollect);
        var type = assembly.DefineDynamicModule("kernels").DefineType("Kernels", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        Type[] parameters = [typeof(Index1D), .. Buffers(kernel).Select(id => ViewType(buffers[id].Type.DType))];
        var method = type.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static, typeof(void), parameters);
        new ScalarKernel(kernel, buffers, method.GetILGenerator()).Emit();
        return type.CreateType().GetMethod("Run")!;
    }

    public static IReadOnlyList<int> Buffers(Kernel kernel) => [.. kernel.Accesses.Select(access => access.Buffer).Distinct()];

    public static Type ViewType(DType type) => typeof(ArrayView1D<,>).MakeGenericType(ScalarOperations.NetType(type), typeof(Stride1D.Dense));

    private void Emit()
    {
        var rest = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Ldarga_S, (byte)0);
        il.Emit(OpCodes.Call, typeof(Index1D).GetProperty("X")!.GetMethod!);
        il.Emit(OpCodes.Stloc, rest);
        for (var loop = kernel.OuterRank - 1; loop >= 0; loop--)
        {
            Binary(rest, OpCodes.Rem, (int)kernel.Sizes[loop], index[loop]);
            Binary(rest, OpCodes.Div, (int)kernel.Sizes[loop], rest);
        }
        foreach (var stage in kernel.Stages) Emit(stage);
        il.Emit(OpCodes.Ret);
    }

    private void Emit(KernelStage stage)
    {
        LocalBuilder[] accumulators = [.. stage.Reductions.Select(reduction =>
            il.DeclareLocal(ScalarOperations.StackType(kernel.Expressions[reduction.Expression].DType)))];
        for (var i = 0; i < accumulators.Length; i++)
        {
            ScalarOperations.Identity(il, stage.Reductions[i].Kind, kernel.Expressions[stage.Reductions[i].Expression].DType);
            il.Emit(OpCodes.Stloc, accumulators[i]);
        }
        if (stage.Reductions.Count + stage.Stores.Count > 0)
            Walk(kernel.OuterRank, () =>
            {
                var values = Evaluate([.. stage.Reductions.Select(reduction => reduction.Expression), .. stage.Stores.Select(store => store.Expression)]);
                for (var i = 0; i < accumulators.Length; i++)
                    ScalarOperations.Accumulate(il, stage.Reductions[i].Kind, accumulators[i], values[stage.Reductions[i].Expression]);
                foreach (var store in stage.Stores) Store(store, values);
            });
        reduced.Add(accumulators);
        var rows = Evaluate([.. stage.RowStores.Select(store => store.Expression)]);
        foreach (var store in stage.RowStores) Store(store, rows);
    }

    private void Walk(int loop, Action body)
    {
        if (loop == kernel.Sizes.Count) { body(); return; }
        var (head, end) = (il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Stloc, index[loop]);
        il.MarkLabel(head);
        il.Emit(OpCodes.Ldloc, index[loop]);
        il.Emit(OpCodes.Ldc_I4, (int)kernel.Sizes[loop]);
        il.Emit(OpCodes.Bge, end);
        Walk(loop + 1, body);
        Binary(index[loop], OpCodes.Add, 1, index[loop]);
        il.Emit(OpCodes.Br, head);
        il.MarkLabel(end);
    }

    // what the given expressions need, each into a local of its own
    private Dictionary<int, LocalBuilder> Evaluate(int[] wanted)
    {
        var needed = new HashSet<int>(wanted);
        for (var i = kernel.Expressions.Count - 1; i >= 0; i--)
        {
            if (!needed.Contains(i)) continue;
            needed.UnionWith(kernel.Expressions[i].Operands);
            if (kernel.Expressions[i].Kind == KernelExpressionKind.Load && kernel.Accesses[kernel.Expressions[i].Index].Fill is >= 0 and var fill)
                needed.Add(fill);
        }
        var values = new Dictionary<int, LocalBuilder>();
        foreach (var i in needed.Order())
        {
            var expression = kernel.Expressions[i];
            var local = il.DeclareLocal(ScalarOperations.StackType(expression.DType));
            switch (expression.Kind)
            {
                case KernelExpressionKind.Load: Load(kernel.Accesses[expression.Index], values); break;
                case KernelExpressionKind.Constant: ScalarOperations.Constant(il, expression.Bits, expression.DType); break;
                case KernelExpressionKind.LoopIndex: il.Emit(OpCodes.Ldloc, index[expression.Index]); il.Emit(OpCodes.Conv_I8); break;
                case KernelExpressionKind.Reduced: il.Emit(OpCodes.Ldloc, reduced[(int)expression.Bits][expression.Index]); break;
                case KernelExpressionKind.Apply:
                    ScalarOperations.Apply(il, expression.Primitive, kernel.Expressions[expression.Operands[0]].DType, expression.DType,
                        [.. expression.Operands.Select(operand => values[operand])]);
                    break;
                default: throw new NotSupportedException($"the test emitter takes no {expression.Kind}");
            }
            il.Emit(OpCodes.Stloc, local);
            values[i] = local;
        }
        return values;
    }

    private void Load(KernelAccess access, Dictionary<int, LocalBuilder> values)
    {
        var (outside, end) = (il.DefineLabel(), il.DefineLabel());
        foreach (var guard in access.Guards)
        {
            il.Emit(OpCodes.Ldloc, index[guard.Loop]);
            il.Emit(OpCodes.Ldc_I4, (int)guard.Low);
            il.Emit(OpCodes.Blt, outside);
            il.Emit(OpCodes.Ldloc, index[guard.Loop]);
            il.Emit(OpCodes.Ldc_I4, (int)guard.High);
            il.Emit(OpCodes.Bge, outside);
        }
        Address(access);
        il.Emit(OpCodes.Ldobj, ScalarOperations.NetType(access.DType));
        if (access.Guards.Count > 0)
        {
            var result = il.DeclareLocal(ScalarOperations.StackType(access.DType));
            il.Emit(OpCodes.Stloc, result);
            il.Emit(OpCodes.Br, end);
            il.MarkLabel(outside);
            il.Emit(OpCodes.Ldloc, values[access.Fill]);
            il.Emit(OpCodes.Stloc, result);
            il.MarkLabel(end);
            il.Emit(OpCodes.Ldloc, result);
        }
    }

    private void Store(KernelStore store, Dictionary<int, LocalBuilder> values)
    {
        var access = kernel.Accesses[store.Access];
        Address(access);
        il.Emit(OpCodes.Ldloc, values[store.Expression]);
        il.Emit(OpCodes.Stobj, ScalarOperations.NetType(access.DType));
    }

    private void Address(KernelAccess access)
    {
        var view = ViewType(buffers[access.Buffer].Type.DType);
        il.Emit(OpCodes.Ldarga_S, (byte)(1 + Buffers(kernel).ToList().IndexOf(access.Buffer)));
        il.Emit(OpCodes.Ldc_I4, (int)access.Offset);
        for (var loop = 0; loop < index.Length; loop++)
        {
            if (access.Strides[loop] == 0) continue;
            il.Emit(OpCodes.Ldloc, index[loop]);
            il.Emit(OpCodes.Ldc_I4, (int)access.Strides[loop]);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
        }
        il.Emit(OpCodes.Newobj, typeof(Index1D).GetConstructor([typeof(int)])!);
        il.Emit(OpCodes.Call, view.GetProperties().First(property => property.GetIndexParameters() is [{ ParameterType: var type }]
            && type == typeof(Index1D)).GetMethod!);
    }

    private void Binary(LocalBuilder operand, OpCode operation, int number, LocalBuilder result)
    {
        il.Emit(OpCodes.Ldloc, operand);
        il.Emit(OpCodes.Ldc_I4, number);
        il.Emit(operation);
        il.Emit(OpCodes.Stloc, result);
    }
}
