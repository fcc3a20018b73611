namespace LazyHost.Backends.Simd.Products;

/// <summary>
/// Emitted code for one register tile: C (rows x 2 vectors) = or += A · B. Strides are in bytes: of A from row to row and from k to k, of B from k to k (a row of the
/// tile lies packed), of C from row to row.
/// </summary>
internal unsafe delegate void MicroKernel(byte* a, long aRow, long aStep, byte* b, long bStep, byte* c, long cRow, long depth, int isAdded);
