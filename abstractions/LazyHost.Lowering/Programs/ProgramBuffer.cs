namespace LazyHost.Lowering.Programs;

/// <summary>A buffer of a program: packed row-major elements.</summary>
/// <param name="Id">Its place in <see cref="KernelProgram.Buffers"/>.</param>
/// <param name="Kind">Where it lies.</param>
/// <param name="Slot">The parameter slot or root number; 0 for others.</param>
/// <param name="Type">Its elements.</param>
/// <param name="WorkspaceOffset">Bytes into the workspace, a multiple of 64; only for temporaries.</param>
/// <param name="Data">The bytes of a constant, else empty.</param>
public sealed record ProgramBuffer(int Id, BufferKind Kind, int Slot, TensorType Type, long WorkspaceOffset, ReadOnlyMemory<byte> Data);
