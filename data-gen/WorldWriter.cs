using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>Appends chunks to the files of a world, from one thread.</summary>
/// <param name="files">The files.</param>
/// <param name="pathOf">Where a file of the world grows.</param>
/// <param name="openSink">Opens a Parquet file.</param>
internal sealed class WorldWriter(IReadOnlyList<WorldFile> files, Func<string, string> pathOf, OpenBatchSink openSink) : IDisposable
{
    private readonly PartedFile[] _files = [.. files.Select(file => new PartedFile(file, pathOf, openSink))];

    /// <summary>What was written so far.</summary>
    public WorldReport Report { get; private set; } = new();

    public void Write(WorldChunk chunk)
    {
        for (int i = 0; i < _files.Length; i++)
            _files[i].Write(chunk.Parts[i]);
        Report = Report.Plus(chunk.Counts) with { EventParts = _files.Sum(file => file.Parts) };
    }

    public void Complete()
    {
        foreach (PartedFile file in _files)
            file.ClosePart();
    }

    public void Dispose()
    {
        foreach (PartedFile file in _files)
            file.Dispose();
    }

    /// <summary>A file, or one after the other of its parts.</summary>
    private sealed class PartedFile(WorldFile file, Func<string, string> pathOf, OpenBatchSink openSink) : IDisposable
    {
        private IBatchSink? _batches;
        private PendingFile? _text;
        private long _rows;
        private int _opened;

        /// <summary>Parts begun; 0 for a file that has none.</summary>
        public int Parts => file.RowsPerPart == 0 ? 0 : _opened;

        public void Write(ChunkPart part)
        {
            if (_batches is null && _text is null)
                OpenPart();
            _batches?.Write(part.Batch!);
            _text?.Stream.Write(part.Text!.WrittenSpan);
            _rows += part.Rows;
            if (file.RowsPerPart > 0 && _rows >= file.RowsPerPart)
                ClosePart();
        }

        public void ClosePart()
        {
            _batches?.Complete();
            _text?.Publish();
            Dispose();
            (_batches, _text, _rows) = (null, null, 0);
        }

        public void Dispose()
        {
            _batches?.Dispose();
            _text?.Dispose();
        }

        private void OpenPart()
        {
            string path = pathOf(file.PathOf(_opened));
            if (file.Schema is { } schema)
                _batches = openSink(path, schema);
            else
                _text = PendingFile.Create(path);
            _opened++;
        }
    }
}
