namespace LazyHost.Lowering.Libraries;

/// <summary>A batch of matrices inside a value: strides of the batch, of the dimensions that stay, and of those that are contracted.</summary>
internal readonly record struct PlannedMatrix(int Value, long Offset, long Batch, long Free, long Contracted)
{
    /// <summary>True when one of the strides within a matrix is 1, as matrix libraries ask; dimensions of size 1 do not count.</summary>
    public bool IsPlain(long freeSize, long contractedSize) =>
        Batch >= 0 && Free >= 0 && Contracted >= 0 &&
        (freeSize <= 1 || contractedSize <= 1 ? (freeSize <= 1 || Free > 0) && (contractedSize <= 1 || Contracted > 0)
            : (Free == 1 && Contracted > 0) || (Contracted == 1 && Free > 0));
}
