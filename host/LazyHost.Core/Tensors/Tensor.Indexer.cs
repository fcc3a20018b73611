using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>
    /// The elements at some places: <c>x[1..3, ^1, .., TensorIndex.NewAxis]</c>. What it gives is a view; what is assigned is written in place, and broadcasts;
    /// a number is written by <see cref="Fill"/>: <c>x[0].Fill(5)</c>.
    /// Axes for which there is no index are taken whole.
    /// </summary>
    /// <exception cref="InvalidAttributeException">A place is outside its axis, there are more indices than axes or several ellipses, or a step is not positive.</exception>
    /// <exception cref="ShapeMismatchException">What is assigned does not broadcast to the places.</exception>
    [IndexerName("Elements")]
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            var sliced = Sliced(indices);
            var sizes = new List<long>();
            var axis = 0;
            foreach (var index in indices)
                if (index.Kind == TensorIndexKind.Place) axis++;
                else if (index.Kind == TensorIndexKind.NewAxis) sizes.Add(1);
                else for (var end = axis + Width(index, indices); axis < end; axis++) sizes.Add(sliced.Shape[axis]);
            for (; axis < Shape.Rank; axis++) sizes.Add(sliced.Shape[axis]);
            return sliced.Shape.Sizes.SequenceEqual(sizes.ToArray()) ? sliced : sliced.Reshape(sizes.ToArray());
        }
        set => this[indices].Assign(value, null, 0);
    }

    /// <summary>All axes, cut to the places.</summary>
    private Tensor Sliced(ReadOnlySpan<TensorIndex> indices)
    {
        var ellipses = 0;
        foreach (var index in indices) if (index.Kind == TensorIndexKind.Ellipsis) ellipses++;
        Require(ellipses <= 1, indices, "only one index may be the ellipsis");
        Require(Places(indices) <= Shape.Rank, indices, $"there are {Places(indices)} indices for {Shape.Rank} axes");
        List<long> axes = [], starts = [], ends = [], steps = [];
        var axis = 0;
        foreach (var index in indices)
        {
            if (index.Kind == TensorIndexKind.Place)
            {
                var size = Shape[axis];
                Require(index.Start >= -size && index.Start < size, indices, $"index {index} is outside axis {axis}, which has {size} elements");
                var place = index.Start < 0 ? index.Start + size : index.Start;
                Add(axis, place, place + 1, 1);
            }
            else if (index.Kind == TensorIndexKind.Range && index != TensorIndex.Range()) Add(axis, index.Start, index.End, index.Step);
            axis += Width(index, indices);
        }
        return axes.Count == 0 ? this : View(Operators.Slice.Form, Operators.Slice.Encode(axes.ToArray(), starts.ToArray(), ends.ToArray(), steps.ToArray()), null, 0);

        void Add(long along, long start, long end, long step)
        {
            axes.Add(along);
            starts.Add(start);
            ends.Add(end);
            steps.Add(step);
        }
    }

    /// <summary>The number of axes an index stands for.</summary>
    private int Width(TensorIndex index, ReadOnlySpan<TensorIndex> indices) => index.Kind switch
    {
        TensorIndexKind.NewAxis => 0,
        TensorIndexKind.Ellipsis => Shape.Rank - Places(indices),
        _ => 1,
    };

    private static int Places(ReadOnlySpan<TensorIndex> indices)
    {
        var count = 0;
        foreach (var index in indices) if (index.Kind is TensorIndexKind.Place or TensorIndexKind.Range) count++;
        return count;
    }

    private void Require(bool condition, ReadOnlySpan<TensorIndex> indices, string message)
    {
        if (!condition) throw new InvalidAttributeException($"[{string.Join(", ", indices.ToArray())}] of {Type}: {message}").At(null, SourceFrames.Site(null, 0));
    }
}
