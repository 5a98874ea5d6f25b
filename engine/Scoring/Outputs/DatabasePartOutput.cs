using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>Parts as rows of a database (<see cref="ScoreTables"/>): one transaction a part, and one that shows the whole at the end.</summary>
/// <remarks>A job that was killed goes on with the parts that are missing. A finished job of which rows are gone, since a later job replaced them or somebody
/// changed them, is done again as a whole beside what is shown, so that readers never see some of each.</remarks>
/// <param name="job">The job with its key.</param>
/// <param name="tables">Names and columns.</param>
internal abstract class DatabasePartOutput(Manifest job, ScoreTables tables) : IPartOutput
{
    private long _id;

    /// <summary>The database's name of a column's type.</summary>
    protected abstract string TypeOf(ColumnType type);

    /// <summary>Type of a whole number that the database counts up.</summary>
    protected abstract string CounterType { get; }

    /// <summary>The statements that make a view, or make it anew.</summary>
    protected abstract IEnumerable<string> CreateView(string query, bool isThere);

    /// <summary>Runs some work in a transaction that takes part in nothing else, and commits it.</summary>
    /// <remarks>Errors: the engine's own.</remarks>
    protected abstract T Transaction<T>(Func<ISqlTransaction, T> work);

    /// <summary>Connects, and refuses tables that cannot take this job: before a folder is claimed for it.</summary>
    public DatabasePartOutput Checked()
    {
        try
        {
            return Transaction(sql =>
            {
                RequireFitting(sql.ColumnsOf(tables.RowsName), sql.ColumnsOf(tables.Table));
                return this;
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string PartName(int partition) => string.Create(CultureInfo.InvariantCulture, $"part-{partition:D5}");

    // The parts that are left of a finished job are shown until it is whole again beside them.
    public bool RepairsParts => false;

    public void Begin(string directory) => _id = Transaction(sql =>
    {
        sql.Lock(tables.Table);
        MakeTables(sql);
        return FindJob(sql);
    });

    public ManifestPart Write(ScoredPart part) => Transaction(sql =>
    {
        sql.Execute($"DELETE FROM {tables.Rows} WHERE job_id = $1 AND part = $2", _id, (long)part.Partition);
        var written = new ManifestPart(part.Partition, PartName(part.Partition), part.Batch.Length, sql.Insert(_id, part.Partition, part.Batch));
        sql.Execute($"INSERT INTO {tables.Parts} (job_id, part, row_count, sha256) VALUES ($1, $2, $3, $4) ON CONFLICT (job_id, part) DO UPDATE SET row_count = excluded.row_count, sha256 = excluded.sha256",
            _id, (long)part.Partition, written.Rows, written.Sha256);
        return written;
    });

    public string HashOf(ScoredPart part, string temporary)
    {
        using var encoding = new RowEncoding();
        encoding.Rows(part.Batch);
        return encoding.Complete();
    }

    public string? Hash(string directory, string part) => Transaction(sql => Find(sql, part) is { } found ? sql.Hash(found.Job, found.Part) : null);

    public void Seal(Manifest manifest) => Transaction(sql =>
    {
        sql.Lock(tables.Table);
        object?[] values = [_id, manifest.Rows, (long)manifest.Parts.Count];
        foreach ((string statement, int parameters) in tables.Seal())
            sql.Execute(statement, values[..parameters]);
        return true;
    });

    public abstract void Dispose();

    private void MakeTables(ISqlTransaction sql)
    {
        IReadOnlyList<(string Name, string Type)> there = sql.ColumnsOf(tables.RowsName), view = sql.ColumnsOf(tables.Table);
        RequireFitting(there, view);
        if (there.Count == 0)
        {
            foreach (string statement in tables.Create(TypeOf, CounterType))
                sql.Execute(statement);
        }
        else
        {
            foreach (Field field in tables.Schema.Fields.Where(field => there.All(column => column.Name != field.Name)))
                sql.Execute($"ALTER TABLE {tables.Rows} ADD COLUMN {ScoreTables.Quote(field.Name)} {TypeOf(field.Type)}");
        }
        string[] columns = [.. sql.ColumnsOf(tables.RowsName).Select(column => column.Name)];
        // A view is replaced only where it must be: that waits for everybody who reads it.
        if (view.Count != columns.Length - 1)
        {
            foreach (string statement in CreateView(tables.ViewQuery(columns), view.Count > 0))
                sql.Execute(statement);
        }
    }

    private void RequireFitting(IReadOnlyList<(string Name, string Type)> there, IReadOnlyList<(string Name, string Type)> view)
    {
        // Whatever has the name without the tables behind it is somebody else's.
        if (there.Count == 0 && view.Count > 0)
            throw ScoringErrors.TableOfOthers(tables.Table, "it is there already, and no job of scoring made it");
        if (there.Count == 0)
            return;
        string key = there.Count > 3 ? there[3].Name : "";
        if (key != tables.Schema.Fields[0].Name)
            throw ScoringErrors.TableOfOthers(tables.Table, $"its key is '{key}', and that of this job is '{tables.Schema.Fields[0].Name}'");
        foreach (Field field in tables.Schema.Fields)
        {
            string? found = there.FirstOrDefault(column => column.Name == field.Name).Type;
            if (found is not null && !found.Equals(TypeOf(field.Type), StringComparison.OrdinalIgnoreCase))
                throw ScoringErrors.TableOfOthers(tables.Table, $"its column '{field.Name}' is of type {found}, and that of this job is {TypeOf(field.Type)}");
        }
    }

    private long FindJob(ISqlTransaction sql)
    {
        string find = $"SELECT job_id, finished, (SELECT count(*) FROM {tables.Parts} p WHERE p.job_id = j.job_id), coalesce(part_count, 0) FROM {tables.Jobs} j WHERE job_key = $1 ORDER BY job_id DESC";
        IReadOnlyList<object?[]> found = sql.Query(find, job.JobKey);
        if (found.Count > 0 && ((long)found[0][1]! == 0 || (long)found[0][2]! == (long)found[0][3]!))
            return (long)found[0][0]!;
        // What is left of a finished job is shown until it is whole again, under a number of its own.
        sql.Execute($"INSERT INTO {tables.Jobs} (job_key, model, finished) VALUES ($1, $2, 0)", job.JobKey, job.ModelVersion);
        return (long)sql.Query(find, job.JobKey)[0][0]!;
    }

    private (long Job, int Part)? Find(ISqlTransaction sql, string part)
    {
        if (sql.ColumnsOf(tables.JobsName).Count == 0 || !int.TryParse(part.AsSpan(part.IndexOf('-', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return null;
        IReadOnlyList<object?[]> found = sql.Query($"SELECT job_id FROM {tables.Parts} WHERE job_id = (SELECT max(job_id) FROM {tables.Jobs} WHERE job_key = $1) AND part = $2", job.JobKey, (long)number);
        return found.Count == 0 ? null : ((long)found[0][0]!, number);
    }
}
