using ChurnEngine.Columns;
using SQLitePCL;

namespace ChurnEngine.Features;

/// <summary>One connection to a SQLite file; not for several threads at once.</summary>
/// <remarks>Errors of every member: <see cref="SqliteException"/>; <see cref="ChurnConfigException"/> CE3075 when the native library cannot be loaded.</remarks>
public sealed class SqliteDatabase : IDisposable
{
    private const int PatienceMilliseconds = 60_000;

    private static readonly Lazy<bool> s_ready = new(() =>
    {
        Batteries_V2.Init();
        return true;
    });

    private readonly sqlite3 _handle;

    private SqliteDatabase(sqlite3 handle) => _handle = handle;

    /// <summary>Opens a file to be filled, by nobody else and under no journal: SQLite then makes no file beside it.</summary>
    public static SqliteDatabase OpenForFilling(string path)
    {
        SqliteDatabase database = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX);
        // The file has no name that anybody knows until it is whole and on the disk: what a journal and a sync would protect is protected by the rename.
        foreach (string pragma in new[] { "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "temp_store = MEMORY", "cache_size = -65536" })
            database.Execute("PRAGMA " + pragma);
        return database;
    }

    /// <summary>Opens a file, made when absent, for changes beside those of others: it has SQLite's own journal, and waits a minute for who else writes.</summary>
    /// <param name="path">The file.</param>
    public static SqliteDatabase OpenForUpdates(string path)
    {
        SqliteDatabase database = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX);
        raw.sqlite3_busy_timeout(database._handle, PatienceMilliseconds);
        database.Execute("PRAGMA cache_size = -65536");
        return database;
    }

    /// <summary>Opens a file that nobody changes any more.</summary>
    public static SqliteDatabase OpenForReading(string path)
    {
        string escaped = string.Join('/', Path.GetFullPath(path).Split('/').Select(Uri.EscapeDataString));
        return Open($"file:{escaped}?immutable=1", raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_NOMUTEX | raw.SQLITE_OPEN_URI);
    }

    /// <summary>Runs statements that give no rows.</summary>
    public void Execute(string sql)
    {
        if (raw.sqlite3_exec(_handle, sql) is not raw.SQLITE_OK and var code)
            throw Failure(code);
    }

    /// <summary>Runs statements whose failure says nothing new, such as the ROLLBACK after one that failed.</summary>
    public void TryExecute(string sql) => _ = raw.sqlite3_exec(_handle, sql);

    /// <summary>Compiles a statement; the caller disposes it.</summary>
    public SqliteStatement Prepare(string sql)
    {
        int code = raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement);
        return code == raw.SQLITE_OK ? new SqliteStatement(this, statement) : throw Failure(code);
    }

    /// <summary>The error behind a code that the library gave.</summary>
    public SqliteException Failure(int code) => new(code, raw.sqlite3_errmsg(_handle).utf8_to_string());

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Version of the native library.</summary>
    public static string LibraryVersion
    {
        get
        {
            using SqliteDatabase memory = Open(":memory:", raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | raw.SQLITE_OPEN_MEMORY);
            return raw.sqlite3_libversion().utf8_to_string();
        }
    }

    /// <summary>A name as SQL writes it.</summary>
    public static string Quote(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static SqliteDatabase Open(string path, int flags)
    {
        try
        {
            _ = s_ready.Value;
            int code = raw.sqlite3_open_v2(path, out sqlite3 handle, flags, null);
            var database = new SqliteDatabase(handle);
            if (code == raw.SQLITE_OK)
                return database;
            SqliteException failure = database.Failure(code);
            database.Dispose();
            throw failure;
        }
        catch (Exception missing) when (missing is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw StoreErrors.NoSqlite(missing.InnerException ?? missing);
        }
    }
}

/// <summary>SQLite said no.</summary>
/// <param name="code">SQLite's result code.</param>
/// <param name="message">Its text.</param>
public sealed class SqliteException(int code, string message) : IOException($"SQLite: {message} ({code})")
{
    /// <summary>True when the same may work later: another process has the file, or the disk is full.</summary>
    public bool IsPassing => (code & 0xFF) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_IOERR;
}

/// <summary>A compiled statement; parameters count from 1, columns from 0.</summary>
public sealed class SqliteStatement : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly sqlite3_stmt _handle;

    internal SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) => (_database, _handle) = (database, handle);

    /// <summary>Position of a named parameter.</summary>
    /// <param name="name">With its sign, such as $1.</param>
    public int ParameterOf(string name) => raw.sqlite3_bind_parameter_index(_handle, name);

    /// <summary>Sets a parameter to a whole number.</summary>
    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_handle, parameter, value));

    /// <summary>Sets a parameter to a number.</summary>
    public void Bind(int parameter, double value) => Check(raw.sqlite3_bind_double(_handle, parameter, value));

    /// <summary>Sets a parameter to a text.</summary>
    // An empty span has no address, and SQLite takes that for NULL.
    public void Bind(int parameter, ReadOnlySpan<byte> utf8) => Check(utf8.IsEmpty ? raw.sqlite3_bind_text(_handle, parameter, "") : raw.sqlite3_bind_text(_handle, parameter, utf8));

    /// <summary>Sets a parameter to nothing.</summary>
    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(_handle, parameter));

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step() => raw.sqlite3_step(_handle) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        int code => throw _database.Failure(code),
    };

    /// <summary>Makes the statement ready for other parameters.</summary>
    public void Reset() => raw.sqlite3_reset(_handle);

    /// <summary>Columns of the query.</summary>
    public int ColumnCount => raw.sqlite3_column_count(_handle);

    /// <summary>True when the row has nothing there.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    /// <summary>True when the row has a text there, whatever the column was declared as.</summary>
    public bool IsText(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_TEXT;

    /// <summary>The value as a whole number.</summary>
    public long Integer(int column) => raw.sqlite3_column_int64(_handle, column);

    /// <summary>The value as a number.</summary>
    public double Number(int column) => raw.sqlite3_column_double(_handle, column);

    /// <summary>The value as text in UTF-8; valid until the next step.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_handle, column);

    /// <summary>The value as text.</summary>
    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string() ?? "";

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw _database.Failure(code);
    }
}
