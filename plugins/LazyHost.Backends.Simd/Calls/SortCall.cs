using System.Numerics;
using System.Runtime.InteropServices;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Sorts lines along an axis, stably (ties by index), NaN greatest; gives values and indices.</summary>
internal sealed unsafe class SortCall<T>(Axis axis, bool isDescending) : LibraryCall where T : unmanaged, INumber<T>
{
    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var work = new Work { Axis = axis, IsDescending = isDescending, From = (T*)inputs[0], Values = (T*)outputs[0], Indices = (long*)outputs[1], Context = context };
        context.Workers.Run(ref work, axis.Outer * axis.Inner);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(T Value, long Index);

    private readonly struct Ascending : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) => NumberOrder.Compare(x.Value, y.Value) is var order and not 0 ? order : x.Index.CompareTo(y.Index);
    }

    private readonly struct Descending : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) => NumberOrder.Compare(y.Value, x.Value) is var order and not 0 ? order : x.Index.CompareTo(y.Index);
    }

    private struct Work : IWork
    {
        public Axis Axis;
        public bool IsDescending;
        public T* From, Values;
        public long* Indices;
        public RunContext Context;

        public readonly void Run(long line)
        {
            var start = (line / Axis.Inner * Axis.Size * Axis.Inner) + (line % Axis.Inner);
            using var buffer = Context.Pool.Rent(Axis.Size * sizeof(Entry));
            var entries = new Span<Entry>(buffer.Pointer, checked((int)Axis.Size));
            for (var i = 0; i < entries.Length; i++) entries[i] = new(From[start + (i * Axis.Inner)], i);
            if (IsDescending) entries.Sort(default(Descending));
            else entries.Sort(default(Ascending));
            for (var i = 0; i < entries.Length; i++) (Values[start + (i * Axis.Inner)], Indices[start + (i * Axis.Inner)]) = (entries[i].Value, entries[i].Index);
        }
    }
}
