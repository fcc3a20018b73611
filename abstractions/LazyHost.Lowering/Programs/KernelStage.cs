namespace LazyHost.Lowering.Programs;

/// <summary>
/// One walk over the inner loops of a kernel, for each outer point: first reductions and stores at every inner point, then, once the walk is over, the row
/// stores. A stage may use the reductions of earlier stages; its row stores also its own. Whatever expressions these need is evaluated where they need it.
/// </summary>
/// <param name="Reductions">Reductions over the inner points.</param>
/// <param name="Stores">Stores at each inner point.</param>
/// <param name="RowStores">Stores once for each outer point, after the reductions; their accesses have stride 0 on inner loops.</param>
public sealed record KernelStage(IReadOnlyList<KernelReduction> Reductions, IReadOnlyList<KernelStore> Stores, IReadOnlyList<KernelStore> RowStores);
