using System.Globalization;
using System.Security.Cryptography;
using ChurnEngine.Columns;
using Npgsql;

namespace ChurnEngine.Scoring;

/// <summary>Parts as rows of a PostgreSQL database: a binary COPY into a temporary table, then an upsert, in one transaction a part; parts go in side by side.</summary>
internal sealed class PostgresPartOutput : DatabasePartOutput
{
    private const int LongestName = 63;
    private readonly ScoreTables _tables;
    private readonly NpgsqlDataSource _source;
    private readonly string _place;

    private PostgresPartOutput(Manifest job, ScoreTables tables, NpgsqlDataSource source, string place)
        : base(job, tables) => (_tables, _source, _place) = (tables, source, place);

    /// <summary>Names the database; the first transaction connects.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6017 for a connection string that cannot be read.</remarks>
    public static PostgresPartOutput Open(Manifest job, DatabaseTarget target, Schema schema)
    {
        NpgsqlConnectionStringBuilder builder = PostgresConnection.Parse(target.Connection);
        var tables = new ScoreTables(target.Table, schema, LongestName, StringComparer.Ordinal);
        return new PostgresPartOutput(job, tables, NpgsqlDataSource.Create(builder), PostgresConnection.Describe(builder));
    }

    protected override string CounterType => "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY";

    protected override string TypeOf(ColumnType type) => TypeName(type);

    // Its columns may only grow at the end, which is where a table's do.
    protected override IEnumerable<string> CreateView(string query, bool isThere) => [$"CREATE OR REPLACE VIEW {_tables.View} AS {query}"];

    protected override T Transaction<T>(Func<ISqlTransaction, T> work)
    {
        try
        {
            using NpgsqlConnection connection = _source.OpenConnection();
            using NpgsqlTransaction transaction = connection.BeginTransaction();
            T result = work(new PostgresTransaction(connection, transaction, _tables));
            FileChanges.AnnounceCommit(_place);
            transaction.Commit();
            return result;
        }
        catch (NpgsqlException failure)
        {
            throw PostgresConnection.Failure(_place, failure);
        }
    }

    public override void Dispose() => _source.Dispose();

    private static string TypeName(ColumnType type) => type switch
    {
        ColumnType.Int64 => "bigint",
        ColumnType.Float32 => "real",
        ColumnType.TimestampMicros => "timestamp with time zone",
        _ => "text",
    };

    private sealed class PostgresTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, ScoreTables tables) : ISqlTransaction
    {
        private const string Staging = "pg_temp.churn_part";

        public void Execute(string sql, params IReadOnlyList<object?> values)
        {
            using NpgsqlCommand command = Prepare(sql, values);
            command.ExecuteNonQuery();
        }

        public IReadOnlyList<object?[]> Query(string sql, params IReadOnlyList<object?> values)
        {
            using NpgsqlCommand command = Prepare(sql, values);
            using NpgsqlDataReader reader = command.ExecuteReader();
            List<object?[]> rows = [];
            while (reader.Read())
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Plain(reader.GetValue(i)))]);
            return rows;
        }

        public IReadOnlyList<(string Name, string Type)> ColumnsOf(string table) =>
        [
            .. Query("SELECT a.attname::text, format_type(a.atttypid, NULL) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
                + "WHERE n.nspname = current_schema() AND c.relname = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum", table)
                .Select(row => ((string)row[0]!, (string)row[1]!)),
        ];

        public void Lock(string table) => Execute("SELECT pg_advisory_xact_lock(hashtextextended('churn score ' || current_schema() || '.' || $1, 0))", table);

        public string Insert(long job, int part, RecordBatch batch)
        {
            string columns = string.Join(", ", tables.Schema.Fields.Select(field => $"{ScoreTables.Quote(field.Name)} {TypeName(field.Type)}"));
            Execute($"CREATE TEMPORARY TABLE churn_part (part_row bigint GENERATED ALWAYS AS IDENTITY (MINVALUE 0), {columns}) ON COMMIT DROP");
            string hash;
            using (NpgsqlRawCopyStream stream = connection.BeginRawBinaryCopy($"COPY {Staging} ({tables.Columns}) FROM STDIN (FORMAT BINARY)"))
            using (var encoding = new RowEncoding(stream))
            {
                try
                {
                    encoding.Rows(batch);
                    hash = encoding.Complete();
                }
                catch
                {
                    // Else disposing would end it as if all had come.
                    stream.Cancel();
                    throw;
                }
            }
            Execute(tables.Upsert($"SELECT $1, $2, part_row, {tables.Columns} FROM {Staging}"), job, (long)part);
            return hash;
        }

        public string Hash(long job, int part)
        {
            string query = string.Create(CultureInfo.InvariantCulture, $"SELECT {tables.Columns} FROM {tables.Rows} WHERE job_id = {job} AND part = {part} ORDER BY part_row");
            // The server writes the very bytes that were sent to it.
            using NpgsqlRawCopyStream stream = connection.BeginRawBinaryCopy($"COPY ({query}) TO STDOUT (FORMAT BINARY)");
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        private NpgsqlCommand Prepare(string sql, IReadOnlyList<object?> values)
        {
            var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (object? value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            return command;
        }

        private static object? Plain(object value) => value switch
        {
            DBNull => null,
            int whole => (long)whole,
            _ => value,
        };
    }
}
