using System.Reflection.Emit;
using ILGPU;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>
/// Element-wise kernels whose loads are contiguous along another loop than their stores: groups take tiles of 32 x 32 points, read what lies across along its own loop
/// into shared memory (rows of 33 elements, so that columns lie in different banks), then walk along the last loop.
/// </summary>
internal static class TileEmitter
{
    private const int Side = 32;

    public static void Emit(KernelWriter code)
    {
        var (il, kernel, turned) = (code.Il, code.Kernel, code.Schedule.TurnedLoop);
        int[] accesses = [.. Enumerable.Range(0, kernel.Accesses.Count).Where(a => code.Schedule.Modes[a] == AccessMode.Turned)];
        Common.Begin(code);
        code.SetBases(0);
        LocalBuilder[] tiles = [.. accesses.Select(a => SharedTiles.Allocate(code, ElementTypes.Of(kernel.Accesses[a].DType), Side * (Side + 1)))];
        var (x, y, rows, step) = (il.DeclareLocal(typeof(int)), il.DeclareLocal(typeof(int)), il.DeclareLocal(typeof(int)), il.DeclareLocal(typeof(int)));
        Set(x, nameof(Group.IdxX), Side - 1, OpCodes.And);
        Set(y, nameof(Group.IdxX), 5, OpCodes.Shr);
        Set(step, nameof(Group.DimX), 5, OpCodes.Shr);
        var (along, across, rest) = (il.DeclareLocal(code.Index), il.DeclareLocal(code.Index), il.DeclareLocal(code.Index));
        var (firstAlong, firstAcross) = (il.DeclareLocal(code.Index), il.DeclareLocal(code.Index));
        PushTiles(code.Last);
        il.Emit(OpCodes.Stloc, along);
        PushTiles(turned);
        il.Emit(OpCodes.Stloc, across);
        int[] others = [.. Enumerable.Range(0, code.Last).Where(loop => loop != turned && code.HasLoop(loop))];
        IlLoops.Groups(code, () =>
        {
            il.Emit(OpCodes.Ldloc, along);
            il.Emit(OpCodes.Ldloc, across);
            il.Emit(OpCodes.Mul);
            foreach (var loop in others)
            {
                code.PushNumber(KernelNumbers.Size(loop));
                il.Emit(OpCodes.Mul);
            }
        }, tile =>
        {
            il.Emit(OpCodes.Ldloc, tile);
            il.Emit(OpCodes.Stloc, rest);
            First(along, firstAlong);
            First(across, firstAcross);
            code.Split(rest, others);
            Rows(code.Last, firstAlong, turned, firstAcross, () =>
            {
                for (var i = 0; i < accesses.Length; i++) Fill(i);
            });
            SharedTiles.Barrier(il);
            for (var i = 0; i < accesses.Length; i++)
            {
                var own = i;
                code.Turned[accesses[i]] = () =>
                {
                    PushPlace(own, x, rows);
                    Members.Load(il, ElementTypes.Of(kernel.Accesses[accesses[own]].DType));
                };
            }
            Rows(turned, firstAcross, code.Last, firstAlong, () => Common.Stores(code, code.Source.Stages[0].Stores, 1));
            SharedTiles.Barrier(il);
        });

        // Threads of neighbouring x take neighbours along the second loop; rows of the tile go along the first.
        void Rows(int slow, LocalBuilder firstSlow, int fast, LocalBuilder firstFast, Action body)
        {
            il.Emit(OpCodes.Ldloc, y);
            il.Emit(OpCodes.Stloc, rows);
            var (head, next, exit) = (il.DefineLabel(), il.DefineLabel(), il.DefineLabel());
            il.MarkLabel(head);
            il.Emit(OpCodes.Ldloc, rows);
            il.Emit(OpCodes.Ldc_I4, Side);
            il.Emit(OpCodes.Bge, exit);
            At(slow, firstSlow, rows, next);
            At(fast, firstFast, x, next);
            body();
            il.MarkLabel(next);
            il.Emit(OpCodes.Ldloc, rows);
            il.Emit(OpCodes.Ldloc, step);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, rows);
            il.Emit(OpCodes.Br, head);
            il.MarkLabel(exit);
        }

        void At(int loop, LocalBuilder first, LocalBuilder ahead, Label outside)
        {
            il.Emit(OpCodes.Ldloc, first);
            il.Emit(OpCodes.Ldloc, ahead);
            if (code.Schedule.IsWide) il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, code.Indices[loop]);
            il.Emit(OpCodes.Ldloc, code.Indices[loop]);
            code.PushNumber(KernelNumbers.Size(loop));
            il.Emit(OpCodes.Bge, outside);
        }

        void Fill(int i)
        {
            var node = code.Source.Graph.Nodes.First(n => n.Op == LaneOp.Load && n.Index == accesses[i]);
            var value = code.Locals.Rent(node.Type.ScalarElement());
            Elements.Load(code, node, [value], fill =>
            {
                if (code.Ready.TryGetValue(fill, out var ready)) il.Emit(OpCodes.Ldloc, ready);
                else Operations.Constant(il, code.Source.Graph.Nodes[fill].Type, code.Source.Graph.Nodes[fill].Bits);
            });
            PushPlace(i, rows, x);
            il.Emit(OpCodes.Ldloc, value);
            Members.Store(il, ElementTypes.Of(kernel.Accesses[accesses[i]].DType));
            code.Locals.Return(value);
        }

        void PushPlace(int i, LocalBuilder row, LocalBuilder column)
        {
            il.Emit(OpCodes.Ldloca, tiles[i]);
            il.Emit(OpCodes.Ldloc, row);
            il.Emit(OpCodes.Ldc_I4, Side + 1);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Ldloc, column);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Call, Members.Item(ElementTypes.Of(kernel.Accesses[accesses[i]].DType), typeof(int)));
        }

        // The first index of the tile along a loop; the rest of the position goes on.
        void First(LocalBuilder count, LocalBuilder first)
        {
            il.Emit(OpCodes.Ldloc, rest);
            il.Emit(OpCodes.Ldloc, count);
            il.Emit(OpCodes.Rem_Un);
            code.PushIndex(Side);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Stloc, first);
            il.Emit(OpCodes.Ldloc, rest);
            il.Emit(OpCodes.Ldloc, count);
            il.Emit(OpCodes.Div_Un);
            il.Emit(OpCodes.Stloc, rest);
        }

        void PushTiles(int loop)
        {
            code.PushNumber(KernelNumbers.Size(loop));
            code.PushIndex(Side - 1);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldc_I4_5);
            il.Emit(OpCodes.Shr_Un);
        }

        void Set(LocalBuilder local, string property, int number, OpCode operation)
        {
            il.Emit(OpCodes.Call, typeof(Group).GetProperty(property)!.GetMethod!);
            il.Emit(OpCodes.Ldc_I4, number);
            il.Emit(operation);
            il.Emit(OpCodes.Stloc, local);
        }
    }
}
