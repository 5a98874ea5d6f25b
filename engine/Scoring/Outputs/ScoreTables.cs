using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>What a database holds of scores, by name, and the statements on it that every database understands.</summary>
/// <remarks>
/// <code>
/// scores          view: the rows of finished jobs; what readers read
/// scores_rows     (job_id, part, part_row, key, ...)   key and job_id are unique
/// scores_parts    (job_id, part, row_count, sha256)   parts that are whole
/// scores_jobs     (job_id, job_key, model, row_count, part_count, finished)   the last of a key counts
/// </code>
/// A part's rows and its line in scores_parts come in one transaction. The end of a job is one more: the job counts as finished, and rows of other finished
/// jobs with the same keys go. So a reader of the view sees, at any instant, the scores as they were before a job or as they are after it; a customer whom the
/// new job does not score keeps the row of the job that did. Statements take parameters as $1, $2.</remarks>
internal sealed class ScoreTables
{
    private static readonly string[] s_own = ["job_id", "part", "part_row", "job_key", "model"];

    /// <param name="table">Name of the view; the tables' names begin with it.</param>
    /// <param name="schema">Columns of every part; the key first.</param>
    /// <param name="longestName">Bytes of UTF-8 that a name may have.</param>
    /// <param name="names">How the database compares names.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6013 for a name that the database cannot have.</remarks>
    public ScoreTables(string table, Schema schema, int longestName, StringComparer names)
    {
        (Table, Schema) = (table, schema);
        if (string.IsNullOrWhiteSpace(table) || table.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(RowsName) > longestName - "_by_part".Length)
            throw ScoringErrors.BadTableName(table, longestName - "_rows_by_part".Length);
        foreach (Field field in schema.Fields)
        {
            if (Encoding.UTF8.GetByteCount(field.Name) > longestName || field.Name.Contains('\0', StringComparison.Ordinal))
                throw ScoringErrors.BadColumnName(field.Name, $"a name of at most {longestName} bytes");
            if (s_own.Contains(field.Name, names))
                throw ScoringErrors.BadColumnName(field.Name, $"another name than {string.Join(", ", s_own)}, which the tables of scores have already");
        }
        if (schema.Fields.GroupBy(field => field.Name, names).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw ScoringErrors.BadColumnName(twice.Last().Name, $"a name that differs from '{twice.First().Name}' in more than its case");
        Columns = string.Join(", ", schema.Fields.Select(field => Quote(field.Name)));
        Key = Quote(schema.Fields[0].Name);
    }

    /// <summary>Name of the view.</summary>
    public string Table { get; }

    public string RowsName => Table + "_rows";

    /// <summary>Columns of every part.</summary>
    public Schema Schema { get; }

    /// <summary>Their names, quoted, with commas between.</summary>
    public string Columns { get; }

    /// <summary>Name of the key's column, quoted.</summary>
    public string Key { get; }

    public string View => Quote(Table);

    public string Rows => Quote(RowsName);

    public string Parts => Quote(Table + "_parts");

    public string Jobs => Quote(Table + "_jobs");

    public string JobsName => Table + "_jobs";

    /// <summary>A name as SQL writes it.</summary>
    public static string Quote(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    /// <summary>Makes the tables; nothing where they are there.</summary>
    /// <param name="typeOf">The database's name of a column's type.</param>
    /// <param name="counter">Type of a whole number that the database counts up.</param>
    public IEnumerable<string> Create(Func<ColumnType, string> typeOf, string counter) =>
    [
        $"CREATE TABLE IF NOT EXISTS {Jobs} (job_id {counter}, job_key text NOT NULL, model text NOT NULL, row_count bigint, part_count bigint, finished integer NOT NULL)",
        $"CREATE TABLE IF NOT EXISTS {Parts} (job_id bigint NOT NULL, part integer NOT NULL, row_count bigint NOT NULL, sha256 text NOT NULL, PRIMARY KEY (job_id, part))",
        $"CREATE TABLE IF NOT EXISTS {Rows} (job_id bigint NOT NULL, part integer NOT NULL, part_row bigint NOT NULL, "
            + $"{string.Join(", ", Schema.Fields.Select((field, i) => $"{Quote(field.Name)} {typeOf(field.Type)}{(i == 0 ? " NOT NULL" : "")}"))}, PRIMARY KEY ({Key}, job_id))",
        $"CREATE INDEX IF NOT EXISTS {Quote(RowsName + "_by_part")} ON {Rows} (job_id, part)",
    ];

    /// <summary>The query behind the view.</summary>
    /// <param name="columns">Columns of the table of rows, in its order, so that a view can be replaced by one with more.</param>
    public string ViewQuery(IEnumerable<string> columns) =>
        $"SELECT j.job_key, j.model, {string.Join(", ", columns.Except(s_own).Select(name => $"r.{Quote(name)}"))} FROM {Rows} r JOIN {Jobs} j ON j.job_id = r.job_id WHERE j.finished = 1";

    /// <summary>Inserts rows, or replaces those of the same job and key.</summary>
    /// <param name="source">Job, part, place in the part, and the columns: VALUES or a query.</param>
    public string Upsert(string source) => $"INSERT INTO {Rows} (job_id, part, part_row, {Columns}) {source} ON CONFLICT ({Key}, job_id) DO UPDATE SET part = excluded.part, part_row = excluded.part_row"
        + string.Concat(Schema.Fields.Skip(1).Select(field => $", {Quote(field.Name)} = excluded.{Quote(field.Name)}"));

    /// <summary>Ends a job: $1 its number, $2 its rows, $3 its parts. In this order, in one transaction.</summary>
    public IEnumerable<(string Sql, int Parameters)> Seal() =>
    [
        ($"UPDATE {Jobs} SET finished = 1, row_count = $2, part_count = $3 WHERE job_id = $1", 3),
        // A part that loses a row is whole no more.
        ($"DELETE FROM {Parts} WHERE job_id <> $1 AND job_id IN (SELECT job_id FROM {Jobs} WHERE finished = 1) AND EXISTS "
            + $"(SELECT 1 FROM {Rows} o JOIN {Rows} m ON m.{Key} = o.{Key} AND m.job_id = $1 WHERE o.job_id = {Parts}.job_id AND o.part = {Parts}.part)", 1),
        ($"DELETE FROM {Rows} WHERE job_id <> $1 AND job_id IN (SELECT job_id FROM {Jobs} WHERE finished = 1) AND EXISTS (SELECT 1 FROM {Rows} m WHERE m.{Key} = {Rows}.{Key} AND m.job_id = $1)", 1),
        ($"DELETE FROM {Jobs} WHERE job_id <> $1 AND finished = 1 AND NOT EXISTS (SELECT 1 FROM {Rows} r WHERE r.job_id = {Jobs}.job_id)", 1),
        ($"DELETE FROM {Parts} WHERE job_id <> $1 AND NOT EXISTS (SELECT 1 FROM {Jobs} j WHERE j.job_id = {Parts}.job_id)", 1),
    ];
}
