namespace LazyHost.Tests.Properties;

/// <summary>Every kind of view: which elements it shows, and how a program asks for it.</summary>
internal static class Views
{
    public static readonly string[] Names = ["reshape", "permute", "transpose", "slice", "squeeze", "unsqueeze", "diagonal", "strided", "expand", "detach"];

    /// <summary>By element of the view, the element of what it is a view of; and its shape.</summary>
    public static (int[] Map, int[] Shape) Map(string name, int[] from, int[] with)
    {
        switch (name)
        {
            case "reshape":
                RejectedException.Unless(Places.Count(with) == Places.Count(from), "another number of elements");
                return ([.. Enumerable.Range(0, Places.Count(from))], with);
            case "detach": return ([.. Enumerable.Range(0, Places.Count(from))], from);
            case "permute":
                RejectedException.Unless(with.Order().SequenceEqual(Enumerable.Range(0, from.Length)), "no permutation");
                return Moved(Array.ConvertAll(with, axis => from[axis]), index =>
                {
                    var source = new int[from.Length];
                    for (var i = 0; i < with.Length; i++) source[with[i]] = index[i];
                    return Places.Flat(source, from);
                });
            case "transpose":
                RejectedException.Unless(with[0] < from.Length && with[1] < from.Length, "no such axis");
                var order = Enumerable.Range(0, from.Length).ToArray();
                (order[with[0]], order[with[1]]) = (order[with[1]], order[with[0]]);
                return Map("permute", from, order);
            case "slice": // axis, start, end, step
                RejectedException.Unless(with[0] < from.Length && with[1] < with[2] && with[2] <= from[with[0]], "no such part");
                var sliced = from.ToArray();
                sliced[with[0]] = (with[2] - with[1] + with[3] - 1) / with[3];
                return Moved(sliced, index =>
                {
                    index[with[0]] = with[1] + (index[with[0]] * with[3]);
                    return Places.Flat(index, from);
                });
            case "squeeze":
                RejectedException.Unless(with[0] < from.Length && from[with[0]] == 1, "not of size 1");
                return Map("reshape", from, [.. from.Where((_, i) => i != with[0])]);
            case "unsqueeze":
                RejectedException.Unless(with[0] <= from.Length, "no such place");
                return Map("reshape", from, [.. from[..with[0]], 1, .. from[with[0]..]]);
            case "diagonal": // offset; of the first two axes
                RejectedException.Unless(from.Length >= 2, "no matrix");
                var (row, column) = (Math.Max(0, -with[0]), Math.Max(0, with[0]));
                var count = Math.Min(from[0] - row, from[1] - column);
                RejectedException.Unless(count > 0, "empty");
                return Moved([.. from[2..], count], index => Places.Flat([row + index[^1], column + index[^1], .. index[..^1]], from));
            case "strided": // two sizes, two strides, offset
                RejectedException.Unless(with[4] + ((with[0] - 1) * with[2]) + ((with[1] - 1) * with[3]) < Places.Count(from), "outside");
                return Moved([with[0], with[1]], index => with[4] + (index[0] * with[2]) + (index[1] * with[3]));
            default: // expand
                RejectedException.Unless(with.Length >= from.Length && Places.Broadcast(from, with).SequenceEqual(with), "does not broadcast");
                return Moved(with, index => Places.Flat([.. from.Select((size, i) => size == 1 ? 0 : index[i + with.Length - from.Length])], from));
        }
    }

    public static Tensor Make(string name, Tensor of, int[] with)
    {
        var numbers = Array.ConvertAll(with, n => (long)n);
        return name switch
        {
            "reshape" => of.Reshape(numbers),
            "detach" => of.Detach(),
            "permute" => of.Permute(numbers),
            "transpose" => of.Transpose(numbers[0], numbers[1]),
            "slice" => of.Slice(numbers[0], numbers[1], numbers[2], numbers[3]),
            "squeeze" => of.Squeeze(numbers[0]),
            "unsqueeze" => of.Unsqueeze(numbers[0]),
            "diagonal" => of.View(Operators.Diagonal.Form, Operators.Diagonal.Encode(numbers[0]), null, 0),
            "strided" => of.View(Operators.AsStrided.Form, Operators.AsStrided.Encode(numbers[..2], numbers[2..4], numbers[4]), null, 0),
            _ => of.BroadcastTo(Shape.Create(numbers)),
        };
    }

    private static (int[] Map, int[] Shape) Moved(int[] shape, Func<int[], int> source) =>
        ([.. Enumerable.Range(0, Places.Count(shape)).Select(i => source(Places.Of(i, shape)))], shape);
}
