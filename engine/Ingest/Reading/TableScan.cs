using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest.Conversion;
using ChurnEngine.Ingest.DuckDb;
using ChurnEngine.Ingest.Files;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Reads one table once, file after file, so that every row has its place in its file.</summary>
internal sealed class TableScan : IDisposable
{
    private readonly TableSource _source;
    private readonly TableContract _contract;
    private readonly DuckDbConnection _connection;
    private readonly BatchValidator _validator;
    private readonly QuarantineFile _quarantine;
    private readonly RefusalCount _count;
    private readonly BatchFaults _faults = new();

    public TableScan(TableSource source, TableContract contract, IngestOptions options, DuckDbDatabase database)
    {
        _source = source;
        _contract = contract;
        _validator = new BatchValidator(contract);
        _quarantine = QuarantineFile.For(options.QuarantineDirectory, source.Name);
        _count = new RefusalCount(source.Name, contract, options.BadShareLimit);
        _connection = database.Connect();
    }

    /// <summary>What came of it; whole once <see cref="Run"/> has ended.</summary>
    public TableReport Report { get; private set; } = new("", 0, 0, null, []);

    /// <summary>The good rows in file order; the caller disposes each batch.</summary>
    public IEnumerable<RecordBatch> Run(CancellationToken cancellation)
    {
        string[] required = [.. _contract.Columns.Where(column => column.Required).Select(column => _source.Columns.GetValueOrDefault(column.Name, column.Name))];
        IReadOnlyList<FileLayout> layouts = TableFiles.Open(_source, _connection, required);
        FilePlan[] plans = [.. layouts.Select(layout => FilePlan.Make(layout, _source, _contract))];
        foreach (FilePlan plan in plans)
        {
            _quarantine.BeginFile();
            foreach (RecordBatch batch in RunFile(plan, cancellation))
                yield return batch;
            if (plan.Layout is CsvLayout)
                NoteRejectedLines(plan.Layout.File);
            _count.CheckEarly(_quarantine);
        }
        if (_count.Read == 0)
            throw IngestErrors.NoRows(_source.Name, _source.Path);
        _count.CheckAtEnd(_quarantine);
        _quarantine.Complete();
        string[] absent = [.. _contract.Columns.Where((_, i) => plans.All(plan => plan.Origins[i] is { Delivered: < 0, Constant: null })).Select(column => column.Name)];
        Report = new TableReport(_source.Name, _count.Read, _count.Refused, _quarantine.WrittenPath, absent) { FirstRefusal = _quarantine.First is { } first ? IngestErrors.Where(first) : null };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _validator.Dispose();
        _quarantine.Dispose();
        _connection.Dispose();
    }

    private IEnumerable<RecordBatch> RunFile(FilePlan plan, CancellationToken cancellation)
    {
        if (plan.Layout.File.Format == FileFormat.JsonLines && new FileInfo(plan.Layout.File.Path).Length == 0)
            yield break;
        using var probe = new JsonLineProbe(plan.Layout.File);
        using ArrowFeed? feed = plan.Layout is ArrowLayout arrow ? new ArrowFeed(arrow, plan.Wanted) : null;
        using IEnumerator<RecordBatch> delivered = _connection.Stream(plan.Query, cancellation).GetEnumerator();
        long firstRow = 1;
        while (TableFiles.Guarded(_source, plan.Layout.File, () => feed?.Guarded(delivered.MoveNext) ?? delivered.MoveNext()))
        {
            int rows = delivered.Current.Length;
            _faults.Reset(rows);
            if (plan.Layout is JsonLayout)
                NoteBrokenObjects(delivered.Current, firstRow, probe);
            RecordBatch batch = _validator.Validate(delivered.Current, plan.Origins, _faults);
            try
            {
                Note(plan.Layout.File, firstRow, rows);
            }
            catch
            {
                batch.Dispose();
                throw;
            }
            firstRow += rows;
            if (batch.Length > 0)
                yield return batch;
            else
                batch.Dispose();
        }
    }

    private void Note(SourceFile file, long firstRow, int rows)
    {
        _count.AddBatch(rows, _faults);
        for (int i = 0; i < _contract.Columns.Count; i++)
            _count.NoteGood(i, _validator.GoodCells[i]);
        if (_faults.BadRows == 0)
            return;
        foreach (BatchFaults.Fault fault in _faults.InRowOrder)
        {
            var cell = new BadCell(file.Path, firstRow + fault.Row, fault.Column < 0 ? "" : _contract.Columns[fault.Column].Name, fault.Value, fault.Reason);
            _quarantine.Add(cell);
            _count.NoteBad(fault.Column, cell);
        }
        _count.CheckEarly(_quarantine);
    }

    private void NoteBrokenObjects(RecordBatch delivered, long firstRow, JsonLineProbe probe)
    {
        for (int row = 0; row < delivered.Length; row++)
        {
            if (IsAllNull(delivered, row) && probe.Check(firstRow + row) is (string line, string reason))
                _faults.Add(row, -1, line, reason);
        }
    }

    private static bool IsAllNull(RecordBatch batch, int row)
    {
        foreach (Column column in batch.Columns)
        {
            if (!column.IsNull(row))
                return false;
        }
        return true;
    }

    // DuckDB passes broken lines over and lists them; an open quote may have swallowed lines after it, and each of those is refused too.
    private void NoteRejectedLines(SourceFile file)
    {
        List<string?[]> rejects = _connection.QueryText("SELECT CAST(line AS VARCHAR), any_value(csv_line), any_value(error_message) FROM reject_errors GROUP BY line ORDER BY line");
        if (rejects.Count == 0)
            return;
        _connection.Execute("DELETE FROM reject_errors");
        var lines = new List<BadCell>();
        foreach (string?[] reject in rejects)
        {
            string[] texts = (reject[1] ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            // The header is line 1, so line 2 is data row 1.
            long row = long.Parse(reject[0]!, CultureInfo.InvariantCulture) - 1;
            for (int i = 0; i < Math.Max(1, texts.Length); i++)
                lines.Add(new BadCell(file.Path, row + i, "", texts.Length == 0 ? "" : texts[i], Reasons.OfLine(reject[2]!.Trim())));
        }
        _quarantine.InsertLines(lines);
        _count.AddLines(lines.Count);
    }
}
