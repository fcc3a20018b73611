using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using LazyHost.Backends.Simd.Emission;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Products;

/// <summary>Emits register tiles: accumulators in registers, each step loads two vectors of B and multiplies them with one spread element of each row of A.</summary>
internal static class MicroKernelEmitter
{
    public const int Vectors = 2;
    private const int RowsABase = 3;

    public static MicroKernel Emit(VectorMethods methods, LaneType type, int lanes, int rows)
    {
        var method = new DynamicMethod($"tile_{type}_{rows}x{Vectors * lanes}", typeof(void),
            [typeof(byte*), typeof(long), typeof(long), typeof(byte*), typeof(long), typeof(byte*), typeof(long), typeof(long), typeof(int)], typeof(MicroKernelEmitter).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var vector = VectorMethods.TypeOf(type, lanes);
        var sums = Enumerable.Range(0, rows * Vectors).Select(_ => il.DeclareLocal(vector)).ToArray();
        var columns = Enumerable.Range(0, Vectors).Select(_ => il.DeclareLocal(vector)).ToArray();
        var spread = il.DeclareLocal(vector);
        // One pointer for every three rows: the other two are reached by base + stride and base + 2 * stride, which are addressing modes.
        var bases = Enumerable.Range(0, (rows + RowsABase - 1) / RowsABase).Select(_ => il.DeclareLocal(typeof(byte*))).ToArray();
        foreach (var sum in sums)
        {
            Constants.Push(il, methods, new(LaneOp.Constant, type), lanes);
            il.Emit(OpCodes.Stloc, sum);
        }
        for (var i = 0; i < bases.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I8, (long)i * RowsABase);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, bases[i]);
        }
        var (test, top) = (il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(top);
        for (var v = 0; v < Vectors; v++)
        {
            il.Emit(OpCodes.Ldarg_3);
            Offset(il, v * lanes * type.Size());
            Load(il, methods, type, lanes);
            il.Emit(OpCodes.Stloc, columns[v]);
        }
        for (var row = 0; row < rows; row++)
        {
            PushElement(row);
            il.Emit(OpCodes.Ldobj, type.Element());
            Operations.Splat(il, methods, type, lanes);
            il.Emit(OpCodes.Stloc, spread);
            for (var v = 0; v < Vectors; v++) Accumulate(sums[(row * Vectors) + v], columns[v]);
        }
        foreach (var pointer in bases)
        {
            il.Emit(OpCodes.Ldloc, pointer);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, pointer);
        }
        Advance(3, 4);
        il.Emit(OpCodes.Ldarg, 7);
        il.Emit(OpCodes.Ldc_I8, 1L);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Starg, 7);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldarg, 7);
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Bgt, top);
        var replace = il.DefineLabel();
        il.Emit(OpCodes.Ldarg, 8);
        il.Emit(OpCodes.Brfalse, replace);
        Write(isAdded: true);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(replace);
        Write(isAdded: false);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<MicroKernel>();

        void PushElement(int row)
        {
            il.Emit(OpCodes.Ldloc, bases[row / RowsABase]);
            if (row % RowsABase == 0) return;
            il.Emit(OpCodes.Ldarg_1);
            if (row % RowsABase == 2)
            {
                il.Emit(OpCodes.Ldc_I8, 2L);
                il.Emit(OpCodes.Mul);
            }
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }

        void Accumulate(LocalBuilder sum, LocalBuilder column)
        {
            if (lanes > 1)
            {
                il.Emit(OpCodes.Ldloc, spread);
                il.Emit(OpCodes.Ldloc, column);
                il.Emit(OpCodes.Ldloc, sum);
                // Fused where the machine can: products are not bound to the rounding of separate operations.
                il.Emit(OpCodes.Call, methods.Find("MultiplyAddEstimate", type, lanes, 3));
            }
            else
            {
                il.Emit(OpCodes.Ldloc, sum);
                il.Emit(OpCodes.Ldloc, spread);
                il.Emit(OpCodes.Ldloc, column);
                il.Emit(OpCodes.Mul);
                il.Emit(OpCodes.Add);
            }
            il.Emit(OpCodes.Stloc, sum);
        }

        void Write(bool isAdded)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var v = 0; v < Vectors; v++)
                {
                    if (lanes == 1) PushPlace(v);
                    il.Emit(OpCodes.Ldloc, sums[(row * Vectors) + v]);
                    if (isAdded)
                    {
                        PushPlace(v);
                        Load(il, methods, type, lanes);
                        il.Emit(OpCodes.Call, methods.Find("Add", type, lanes, 2));
                    }
                    if (lanes == 1) { il.Emit(OpCodes.Stobj, type.Element()); continue; }
                    PushPlace(v);
                    il.Emit(OpCodes.Call, methods.Find(VectorMethods.VectorClass(lanes * type.Size() * 8), "Store", type.Element(), vector, 2));
                }
                Advance(5, 6);
            }
        }

        void PushPlace(int v)
        {
            il.Emit(OpCodes.Ldarg, 5);
            Offset(il, v * lanes * type.Size());
        }

        void Advance(short pointer, short stride)
        {
            il.Emit(OpCodes.Ldarg, pointer);
            il.Emit(OpCodes.Ldarg, stride);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Starg, pointer);
        }
    }

    private static void Offset(ILGenerator il, int bytes)
    {
        if (bytes == 0) return;
        il.Emit(OpCodes.Ldc_I4, bytes);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }

    private static void Load(ILGenerator il, VectorMethods methods, LaneType type, int lanes)
    {
        if (lanes == 1) il.Emit(OpCodes.Ldobj, type.Element());
        else il.Emit(OpCodes.Call, methods.Find(VectorMethods.VectorClass(lanes * type.Size() * 8), nameof(Vector512.Load), type.Element(), type.Element().MakePointerType(), 1));
    }
}
