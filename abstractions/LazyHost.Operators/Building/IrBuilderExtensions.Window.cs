using LazyHost.IR;

namespace LazyHost.Operators;

public static partial class IrBuilderExtensions
{
    /// <summary>
    /// A value without its dimensions' order changed but for one moved: dimension <paramref name="from"/> of x becomes dimension <paramref name="to"/>.
    /// </summary>
    internal static Value MoveAxis(this IrBuilder builder, Value x, int from, int to)
    {
        var order = Enumerable.Range(0, builder.ShapeOf(x).Rank).Select(i => (long)i).ToList();
        order.RemoveAt(from);
        order.Insert(to, from);
        return builder.Permute(x, order.ToArray());
    }
}
