using System.Reflection.Emit;
using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>What the emitters share: the kernel method under construction, its numbers, loop indices, and the elements of accesses.</summary>
internal sealed class KernelWriter
{
    private readonly KernelParameter[] parameters;
    private readonly Dictionary<int, LocalBuilder> held = [];

    public KernelWriter(ILGenerator il, TranslatedKernel source, KernelData data, KernelSchedule schedule)
    {
        (Il, Source, Data, Schedule) = (il, source, data, schedule);
        parameters = KernelParameter.Of(Kernel, schedule);
        Locals = new(il);
        Index = schedule.IsWide ? typeof(long) : typeof(int);
        Indices = [.. Kernel.Sizes.Select(_ => il.DeclareLocal(Index))];
        Bases = [.. Kernel.Accesses.Select(_ => il.DeclareLocal(Index))];
    }

    public ILGenerator Il { get; }

    public TranslatedKernel Source { get; }

    public Kernel Kernel => Source.Kernel;

    public KernelData Data { get; }

    public KernelSchedule Schedule { get; }

    public LocalPool Locals { get; }

    /// <summary>The type of positions.</summary>
    public Type Index { get; }

    /// <summary>The index of each loop.</summary>
    public LocalBuilder[] Indices { get; }

    /// <summary>By access, the element at the indices of the loops before <see cref="BaseLoops"/>.</summary>
    public LocalBuilder[] Bases { get; }

    public int BaseLoops { get; set; }

    /// <summary>The results of reductions, by stage and number.</summary>
    public Dictionary<(long Stage, int Index), LocalBuilder> Reduced { get; } = [];

    /// <summary>Values that do not change from point to point.</summary>
    public Dictionary<int, LocalBuilder> Ready { get; } = [];

    /// <summary>What pushes an element from elsewhere than memory, by access.</summary>
    public Dictionary<int, Action> Turned { get; } = [];

    public int Last => Kernel.Sizes.Count - 1;

    public bool HasLoop(int loop) => Kernel.Sizes[loop] > 1;

    /// <summary>Reads the numbers that positions are made of.</summary>
    public void Begin()
    {
        for (var loop = 0; loop < Kernel.Sizes.Count; loop++)
        {
            if (!HasLoop(loop))
            {
                PushIndex(0);
                Il.Emit(OpCodes.Stloc, Indices[loop]);
                continue;
            }
            Hold(KernelNumbers.Size(loop), Index);
            if (loop > 0 && !Schedule.IsWide)
            {
                Hold(Data.Divisor(loop), Index);
                Hold(Data.Factor(loop), typeof(long));
                Hold(Data.Shift(loop), typeof(int));
            }
        }
        for (var a = 0; a < Bases.Length; a++)
        {
            Hold(KernelNumbers.Offset(Kernel, a), Index);
            for (var loop = 0; loop < Kernel.Sizes.Count; loop++)
                if (HasLoop(loop) && Kernel.Accesses[a].Strides[loop] is not (0 or 1)) Hold(KernelNumbers.Stride(Kernel, a, loop), Index);
            for (var g = 0; g < Kernel.Accesses[a].Guards.Count; g++)
            {
                Hold(KernelNumbers.Guard(Kernel, a, g, isHigh: false), Index);
                Hold(KernelNumbers.Guard(Kernel, a, g, isHigh: true), Index);
            }
        }
    }

    /// <summary>Sets <see cref="Bases"/> to the elements at the current indices of the first loops.</summary>
    public void SetBases(int loops)
    {
        for (var a = 0; a < Bases.Length; a++)
        {
            PushNumber(KernelNumbers.Offset(Kernel, a));
            AddLoops(a, 0, loops);
            Il.Emit(OpCodes.Stloc, Bases[a]);
        }
        BaseLoops = loops;
    }

    /// <summary>Pushes a number of the kernel as a position.</summary>
    public void PushNumber(int place)
    {
        if (held.TryGetValue(place, out var local)) Il.Emit(OpCodes.Ldloc, local);
        else ReadNumber(place, Index);
    }

    /// <summary>Pushes a scalar's 64 bits, or those of a constant.</summary>
    public void PushScalarBits(int index)
    {
        if (Data.IsConstant(index))
        {
            ReadNumber(Data.Scalar(index), typeof(long));
            return;
        }
        Il.Emit(OpCodes.Ldarga_S, (byte)1);
        ReadNumber(Data.Scalar(index), typeof(int));
        Il.Emit(OpCodes.Call, Members.Item(typeof(long), typeof(int)));
        Il.Emit(OpCodes.Ldind_I8);
    }

    public void PushIndex(long value)
    {
        if (Schedule.IsWide) Il.Emit(OpCodes.Ldc_I8, value);
        else Il.Emit(OpCodes.Ldc_I4, (int)value);
    }

    /// <summary>Pushes one of the device's numbers as a position.</summary>
    public void PushDevice(Type owner, string property)
    {
        Il.Emit(OpCodes.Call, owner.GetProperty(property)!.GetMethod!);
        if (Schedule.IsWide) Il.Emit(OpCodes.Conv_I8);
    }

    /// <summary>Pushes the index of a loop for one of the points a thread takes at a time.</summary>
    public void PushLoopIndex(int loop, int copy)
    {
        Il.Emit(OpCodes.Ldloc, Indices[loop]);
        if (copy == 0 || loop != Last) return;
        PushIndex(copy);
        Il.Emit(OpCodes.Add);
    }

    /// <summary>Splits a position into the indices of some loops, the last of which moves fastest.</summary>
    /// <param name="position">The position; it is changed.</param>
    /// <param name="loops">The loops.</param>
    /// <param name="copies">Points along the last loop of the kernel that one position stands for.</param>
    public void Split(LocalBuilder position, IEnumerable<int> loops, int copies = 1)
    {
        int[] own = [.. loops.Where(HasLoop)];
        for (var i = own.Length - 1; i >= 0; i--)
        {
            var loop = own[i];
            if (i == 0)
            {
                Il.Emit(OpCodes.Ldloc, position);
            }
            else
            {
                var quotient = Locals.Rent(Index);
                Il.Emit(OpCodes.Ldloc, position);
                PushQuotient(loop);
                Il.Emit(OpCodes.Stloc, quotient);
                Il.Emit(OpCodes.Ldloc, position);
                Il.Emit(OpCodes.Ldloc, quotient);
                PushNumber(Data.Divisor(loop));
                Il.Emit(OpCodes.Mul);
                Il.Emit(OpCodes.Sub);
                Il.Emit(OpCodes.Ldloc, quotient);
                Il.Emit(OpCodes.Stloc, position);
                Locals.Return(quotient);
            }
            if (copies > 1 && loop == Last)
            {
                PushIndex(copies);
                Il.Emit(OpCodes.Mul);
            }
            Il.Emit(OpCodes.Stloc, Indices[loop]);
        }
    }

    /// <summary>Pushes the address of an access's element, or of the unit its neighbours fill, at the current indices.</summary>
    public void PushAddress(int access, int copy)
    {
        var parameter = Array.IndexOf(parameters, KernelParameter.Of(Kernel, Schedule, access));
        var (argument, type) = (parameter + 2, parameters[parameter].Type);
        if (argument < 256) Il.Emit(OpCodes.Ldarga_S, (byte)argument);
        else Il.Emit(OpCodes.Ldarga, (short)argument);
        Il.Emit(OpCodes.Ldloc, Bases[access]);
        AddLoops(access, BaseLoops, Kernel.Sizes.Count);
        if (Schedule.Modes[access] == AccessMode.Wide)
        {
            Il.Emit(OpCodes.Ldc_I4, int.Log2(Schedule.Copies));
            Il.Emit(OpCodes.Shr_Un);
        }
        else if (copy > 0 && Kernel.Accesses[access].Strides[Last] != 0)
        {
            PushIndex(copy);
            if (Kernel.Accesses[access].Strides[Last] != 1)
            {
                PushNumber(KernelNumbers.Stride(Kernel, access, Last));
                Il.Emit(OpCodes.Mul);
            }
            Il.Emit(OpCodes.Add);
        }
        Il.Emit(OpCodes.Call, Members.Item(type, Index));
    }

    /// <summary>Goes to a label where a guard of an access says so.</summary>
    public void CheckGuards(int access, int copy, Label outside)
    {
        var guards = Kernel.Accesses[access].Guards;
        for (var g = 0; g < guards.Count; g++)
        {
            PushLoopIndex(guards[g].Loop, copy);
            PushNumber(KernelNumbers.Guard(Kernel, access, g, isHigh: false));
            Il.Emit(OpCodes.Blt, outside);
            PushLoopIndex(guards[g].Loop, copy);
            PushNumber(KernelNumbers.Guard(Kernel, access, g, isHigh: true));
            Il.Emit(OpCodes.Bge, outside);
        }
    }

    private void PushQuotient(int loop)
    {
        if (Schedule.IsWide)
        {
            PushNumber(Data.Divisor(loop));
            Il.Emit(OpCodes.Div_Un);
            return;
        }
        Il.Emit(OpCodes.Conv_U8);
        Il.Emit(OpCodes.Ldloc, held[Data.Factor(loop)]);
        Il.Emit(OpCodes.Mul);
        Il.Emit(OpCodes.Ldloc, held[Data.Shift(loop)]);
        Il.Emit(OpCodes.Shr_Un);
        Il.Emit(OpCodes.Conv_I4);
    }

    private void AddLoops(int access, int from, int to)
    {
        for (var loop = from; loop < to; loop++)
        {
            if (!HasLoop(loop) || Kernel.Accesses[access].Strides[loop] == 0) continue;
            Il.Emit(OpCodes.Ldloc, Indices[loop]);
            if (Kernel.Accesses[access].Strides[loop] != 1)
            {
                PushNumber(KernelNumbers.Stride(Kernel, access, loop));
                Il.Emit(OpCodes.Mul);
            }
            Il.Emit(OpCodes.Add);
        }
    }

    private void Hold(int place, Type type)
    {
        if (held.ContainsKey(place)) return;
        ReadNumber(place, type);
        Il.Emit(OpCodes.Stloc, held[place] = Il.DeclareLocal(type));
    }

    private void ReadNumber(int place, Type type)
    {
        Il.Emit(OpCodes.Ldarga_S, (byte)0);
        Il.Emit(OpCodes.Ldc_I4, place);
        Il.Emit(OpCodes.Call, Members.Item(typeof(long), typeof(int)));
        Il.Emit(OpCodes.Ldind_I8);
        if (type == typeof(int)) Il.Emit(OpCodes.Conv_I4);
    }
}
