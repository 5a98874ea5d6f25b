using System.Globalization;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Scoring;

/// <summary>Parts as rows of a SQLite file, whose tables readers may query while a job runs. Numbers are REAL, whole keys INTEGER, instants TEXT in ISO 8601.</summary>
internal sealed class SqlitePartOutput : DatabasePartOutput
{
    private const int LongestName = 1000;
    private readonly string _path;
    private readonly ScoreTables _tables;
    private readonly SqliteDatabase _database;
    private readonly Lock _gate = new();

    private SqlitePartOutput(string path, Manifest job, ScoreTables tables, SqliteDatabase database)
        : base(job, tables) => (_path, _tables, _database) = (path, tables, database);

    /// <summary>Opens the file, made when absent.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6015 when it cannot be opened, or is no database.</remarks>
    public static SqlitePartOutput Open(Manifest job, DatabaseTarget target, Schema schema)
    {
        string path = Path.GetFullPath(target.Connection);
        var tables = new ScoreTables(target.Table, schema, LongestName, StringComparer.OrdinalIgnoreCase);
        try
        {
            FileChanges.CreateFolder(Path.GetDirectoryName(path)!);
            return new SqlitePartOutput(path, job, tables, SqliteDatabase.OpenForUpdates(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailure(path, failure);
        }
    }

    protected override string CounterType => "INTEGER PRIMARY KEY AUTOINCREMENT";

    protected override string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Int64 => "INTEGER",
        ColumnType.Float32 => "REAL",
        _ => "TEXT",
    };

    protected override IEnumerable<string> CreateView(string query, bool isThere) => [.. isThere ? (string[])[$"DROP VIEW {_tables.View}"] : [], $"CREATE VIEW {_tables.View} AS {query}"];

    protected override T Transaction<T>(Func<ISqlTransaction, T> work)
    {
        // SQLite has one writer at a time in any case.
        lock (_gate)
        {
            try
            {
                _database.Execute("BEGIN IMMEDIATE");
                T result;
                try
                {
                    result = work(new SqliteTransaction(_database, _tables));
                    FileChanges.AnnounceCommit(_path);
                    _database.Execute("COMMIT");
                }
                catch
                {
                    _database.TryExecute("ROLLBACK");
                    throw;
                }
                return result;
            }
            catch (SqliteException failure)
            {
                throw SqliteFailure(_path, failure);
            }
        }
    }

    public override void Dispose() => _database.Dispose();

    private static ChurnException SqliteFailure(string path, Exception failure) => failure is SqliteException { IsPassing: true }
        ? ScoringErrors.DatabaseUnreachable(path, failure.Message, failure)
        : ScoringErrors.DatabaseRefused(path, failure.Message, failure);

    private sealed class SqliteTransaction(SqliteDatabase database, ScoreTables tables) : ISqlTransaction
    {
        public void Execute(string sql, params IReadOnlyList<object?> values)
        {
            using SqliteStatement statement = Prepare(sql, values);
            statement.Step();
        }

        public IReadOnlyList<object?[]> Query(string sql, params IReadOnlyList<object?> values)
        {
            using SqliteStatement statement = Prepare(sql, values);
            List<object?[]> rows = [];
            while (statement.Step())
                rows.Add([.. Enumerable.Range(0, statement.ColumnCount).Select(i => statement.IsNull(i) ? null : statement.IsText(i) ? statement.Text(i) : (object)statement.Integer(i))]);
            return rows;
        }

        public IReadOnlyList<(string Name, string Type)> ColumnsOf(string table) =>
            [.. Query("SELECT name, type FROM pragma_table_info($1) ORDER BY cid", table).Select(row => ((string)row[0]!, (string)row[1]!))];

        // The transaction itself keeps others out.
        public void Lock(string table)
        {
        }

        public string Insert(long job, int part, RecordBatch batch)
        {
            int columns = batch.Columns.Count;
            using var encoding = new RowEncoding();
            encoding.Rows(batch);
            using SqliteStatement insert = database.Prepare(tables.Upsert($"VALUES (?1, ?2, ?3, {string.Join(", ", Enumerable.Range(4, columns).Select(i => $"?{i}"))})"));
            insert.Bind(1, job);
            insert.Bind(2, (long)part);
            var instants = new InstantCache();
            for (int row = 0; row < batch.Length; row++)
            {
                insert.Bind(3, (long)row);
                for (int column = 0; column < columns; column++)
                    Bind(insert, 4 + column, batch.Columns[column], row, instants);
                insert.Step();
                insert.Reset();
            }
            return encoding.Complete();
        }

        public string Hash(long job, int part)
        {
            IReadOnlyList<Field> fields = tables.Schema.Fields;
            using SqliteStatement select = database.Prepare(string.Create(CultureInfo.InvariantCulture, $"SELECT {tables.Columns} FROM {tables.Rows} WHERE job_id = {job} AND part = {part} ORDER BY part_row"));
            using var encoding = new RowEncoding();
            while (select.Step())
            {
                encoding.BeginRow(fields.Count);
                for (int i = 0; i < fields.Count; i++)
                    Encode(encoding, select, i, fields[i].Type);
            }
            return encoding.Complete();
        }

        private SqliteStatement Prepare(string sql, IReadOnlyList<object?> values)
        {
            SqliteStatement statement = database.Prepare(sql);
            for (int i = 0; i < values.Count; i++)
            {
                // By name: SQLite counts $2 first where it comes first.
                int parameter = statement.ParameterOf(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"));
                switch (values[i])
                {
                    case null: statement.BindNull(parameter); break;
                    case long number: statement.Bind(parameter, number); break;
                    case var text: statement.Bind(parameter, Encoding.UTF8.GetBytes((string)text)); break;
                }
            }
            return statement;
        }

        private static void Bind(SqliteStatement insert, int parameter, Column column, int row, InstantCache instants)
        {
            if (column.IsNull(row))
            {
                insert.BindNull(parameter);
                return;
            }
            switch (column)
            {
                case PrimitiveColumn<float> number: insert.Bind(parameter, (double)number.Values[row]); break;
                case PrimitiveColumn<long> { Type: ColumnType.TimestampMicros } instant: insert.Bind(parameter, instants.TextOf(instant.Values[row])); break;
                case PrimitiveColumn<long> whole: insert.Bind(parameter, whole.Values[row]); break;
                case Utf8Column text: insert.Bind(parameter, text.GetBytes(row)); break;
                case var other: throw new ArgumentException($"{other.Type} is no type of a part", nameof(column));
            }
        }

        // What somebody put there by hand in another type makes another hash, as it should.
        private static void Encode(RowEncoding encoding, SqliteStatement select, int column, ColumnType type)
        {
            if (select.IsNull(column))
                encoding.Null();
            else if (type == ColumnType.Float32 && !select.IsText(column))
                encoding.Number((float)select.Number(column));
            else if (type == ColumnType.Int64 && !select.IsText(column))
                encoding.Integer(select.Integer(column));
            else if (type == ColumnType.TimestampMicros && InstantText.TryParse(select.Text(column), out long micros))
                encoding.Instant(micros);
            else
                encoding.Text(select.Utf8(column));
        }
    }

    // All rows of a job have the one instant.
    private sealed class InstantCache
    {
        private long _micros = long.MinValue;
        private byte[] _text = [];

        public ReadOnlySpan<byte> TextOf(long micros)
        {
            if (micros != _micros)
                (_micros, _text) = (micros, Encoding.UTF8.GetBytes(InstantText.Format(micros)));
            return _text;
        }
    }
}
