namespace LazyHost.Tests.Properties;

/// <summary>Where elements are kept: tensors that are aliases share it.</summary>
internal class PlainStorage(Plain value)
{
    public Plain Value { get; set; } = value;
}

/// <summary>The storage of a parameter, with what training needs beside it.</summary>
internal sealed class PlainParameter : PlainStorage
{
    public PlainParameter(Plain value) : base(value) => Set(value);

    public Plain? Grad { get; set; }

    /// <summary>The state of its optimizer.</summary>
    public PlainStorage Velocity { get; } = new(Plain.Of([], [0]));

    /// <summary>Takes a value: gradients of what is computed from it end here.</summary>
    public void Set(Plain value) => Value = value with { Cells = [.. value.Cells.Select((c, i) => new Cell(c.Value) { Leaf = (this, i) })], RequiresGrad = true };
}

/// <summary>A tensor: some elements of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Map">By element, its place there.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Detached">The elements shown by the first view in between that cuts off gradients, or null.</param>
/// <param name="IsReadOnly">True where a view in between shows elements several times.</param>
internal sealed record PlainTensor(PlainStorage Storage, int[] Map, int[] Shape, int[]? Detached = null, bool IsReadOnly = false)
{
    public PlainTensor(PlainStorage storage) : this(storage, [.. Enumerable.Range(0, storage.Value.Cells.Length)], storage.Value.Shape) { }

    public bool IsBool => Storage.Value.IsBool;

    public Plain Value
    {
        get
        {
            var whole = Storage.Value;
            var value = whole with { Shape = Shape, Cells = Array.ConvertAll(Map, i => whole.Cells[i]) };
            return Detached is null ? value : value.Constant();
        }
    }

    public PlainTensor View(string name, int[] with)
    {
        var (map, shape) = Views.Map(name, Shape, with);
        RejectedException.Unless(map.Length is > 0 and <= Plain.MostCells && shape.Length <= 4, "too large");
        return new(Storage, Array.ConvertAll(map, i => Map[i]), shape, Detached ?? (name == "detach" ? Map : null),
            IsReadOnly || name == "expand" || (name == "strided" && map.Distinct().Count() < map.Length));
    }

    /// <summary>The value of the storage once these elements have been written.</summary>
    public Plain Written(Plain value, bool grad)
    {
        var whole = Storage.Value;
        var cells = whole.Cells.ToArray();
        // What a view that cuts off gradients shows beside them is written too, as it is there.
        foreach (var i in Detached ?? []) cells[i] = cells[i].Constant;
        for (var i = 0; i < Map.Length; i++) cells[Map[i]] = value.Cells[i];
        var all = Map.Length == cells.Length;
        var result = whole with { Cells = cells, IsRough = value.IsRough || (whole.IsRough && !all), RequiresGrad = value.RequiresGrad || (whole.RequiresGrad && !all) };
        return grad ? result : (result with { RequiresGrad = true }).Constant();
    }
}
