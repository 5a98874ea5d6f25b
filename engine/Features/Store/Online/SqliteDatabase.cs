using ChurnEngine.Columns;
using SQLitePCL;

namespace ChurnEngine.Features;

/// <summary>One connection to a SQLite file; not for several threads at once.</summary>
/// <remarks>Errors of every member: <see cref="SqliteException"/>; <see cref="ChurnConfigException"/> CE3075 when the native library cannot be loaded.</remarks>
internal sealed class SqliteDatabase : IDisposable
{
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

    /// <summary>Compiles a statement; the caller disposes it.</summary>
    public SqliteStatement Prepare(string sql)
    {
        int code = raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement);
        return code == raw.SQLITE_OK ? new SqliteStatement(this, statement) : throw Failure(code);
    }

    public SqliteException Failure(int code) => new(code, raw.sqlite3_errmsg(_handle).utf8_to_string());

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
internal sealed class SqliteException(int code, string message) : IOException($"SQLite: {message} ({code})");

/// <summary>A compiled statement; parameters count from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(handle, parameter, value));

    public void Bind(int parameter, double value) => Check(raw.sqlite3_bind_double(handle, parameter, value));

    // An empty span has no address, and SQLite takes that for NULL.
    public void Bind(int parameter, ReadOnlySpan<byte> utf8) => Check(utf8.IsEmpty ? raw.sqlite3_bind_text(handle, parameter, "") : raw.sqlite3_bind_text(handle, parameter, utf8));

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(handle, parameter));

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step() => raw.sqlite3_step(handle) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        int code => throw database.Failure(code),
    };

    /// <summary>Makes the statement ready for other parameters.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    public double Number(int column) => raw.sqlite3_column_double(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    public void Dispose() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw database.Failure(code);
    }
}
