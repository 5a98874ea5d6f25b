using System.Globalization;
using ChurnEngine.Ingest.DuckDb;
using ChurnEngine.Ingest.Files;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Tells how large a table is from footers, and from the first megabyte of each text file.</summary>
internal static class TableMeasure
{
    private const int SampleBytes = 1 << 20;

    /// <summary>Measures all files of a table.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnDataException"/> when a file is missing, empty, or shows at its beginning or end that it is damaged.</remarks>
    public static TableSize Of(TableSource source, DuckDbConnection connection)
    {
        long bytes = 0, textBytes = 0, rows = 0;
        bool isExact = true;
        IReadOnlyList<SourceFile> files = SourceFiles.Resolve(source, connection);
        foreach (SourceFile file in files)
        {
            long length = new FileInfo(file.Path).Length;
            bytes += length;
            if (!file.IsText)
            {
                rows += TableFiles.Guarded(source, file, () => file.Format == FileFormat.Arrow ? Columns.ArrowFile.CountRows(file.Path) : RowsInFooter(file, connection));
                continue;
            }
            if (TableFiles.Guarded(source, file, () => TextForm.Fault(file)) is { } fault)
                throw IngestErrors.NoText(source.Name, file.Path, fault);
            (long unpacked, long lines) = TableFiles.Guarded(source, file, () => Estimate(file, length));
            textBytes += unpacked;
            rows += Math.Max(0, file.Format == FileFormat.Csv ? lines - 1 : lines);
            isExact = false;
        }
        return new TableSize(files.Count, bytes, textBytes, rows, isExact);
    }

    private static long RowsInFooter(SourceFile file, DuckDbConnection connection) =>
        long.Parse(connection.QueryText($"SELECT CAST(num_rows AS VARCHAR) FROM parquet_file_metadata({SqlText.PathLiteral(file.Path)})")[0][0]!, CultureInfo.InvariantCulture);

    // The rest is taken to be like the beginning, in the length of its lines and in how well it packs.
    private static (long Unpacked, long Lines) Estimate(SourceFile file, long length)
    {
        using FileStream raw = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        using Stream text = file.IsGzip ? new System.IO.Compression.GZipStream(raw, System.IO.Compression.CompressionMode.Decompress) : raw;
        byte[] sample = new byte[SampleBytes];
        int read = text.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> seen = sample.AsSpan(0, read);
        long lines = Math.Max(seen.Count((byte)'\n'), seen.Count((byte)'\r')) + (read > 0 && read < sample.Length && seen[^1] is not ((byte)'\n' or (byte)'\r') ? 1 : 0);
        if (read < sample.Length)
            return (read, lines);
        double share = (double)length / Math.Max(1, raw.Position);
        return ((long)(read * share), (long)(lines * share));
    }
}
