namespace ChurnEngine.Ingest;

/// <summary>How large a table is, told without reading it.</summary>
/// <param name="Files">Files behind it.</param>
/// <param name="Bytes">Their bytes on the disk.</param>
/// <param name="TextBytes">Bytes of those that are text, unpacked: a copy of them may be made while they are read.</param>
/// <param name="Rows">Their rows: counted where a footer says, estimated from the beginning of a text file.</param>
/// <param name="IsExact">True when every file says how many rows it has.</param>
public sealed record TableSize(int Files, long Bytes, long TextBytes, long Rows, bool IsExact);
