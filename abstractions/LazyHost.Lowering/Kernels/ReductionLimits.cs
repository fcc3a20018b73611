using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Kernels;

/// <summary>Which reductions are cut, and into what.</summary>
/// <param name="FewPoints">Reductions to fewer rows than this are cut; along columns, those to fewer than 64 times as many results.</param>
/// <param name="ManyElements">A row of fewer elements is left whole.</param>
/// <param name="RowChunk">About the elements of a chunk of a row.</param>
/// <param name="ColumnChunk">About the elements of a chunk of columns; 0 for as many rows in a chunk as there are chunks, for devices that are slow to follow one column.</param>
/// <param name="IsColumn">True for kernels that are walked along their last outer loop.</param>
public sealed record ReductionLimits(long FewPoints, long ManyElements, long RowChunk, long ColumnChunk, Func<Kernel, bool> IsColumn);
