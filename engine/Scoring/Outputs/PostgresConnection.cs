using System.Globalization;
using ChurnEngine.Columns;
using Npgsql;

namespace ChurnEngine.Scoring;

/// <summary>Reads what a user wrote to name a PostgreSQL database, and speaks of it without the password.</summary>
internal static class PostgresConnection
{
    /// <summary>Npgsql's form of a connection string or a URI <c>postgresql://user:password@host:port/database?key=value</c>; a host that begins with / is the folder of a socket.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6017, which says nothing of the text: it may hold a password.</remarks>
    public static NpgsqlConnectionStringBuilder Parse(string connection)
    {
        try
        {
            NpgsqlConnectionStringBuilder builder = IsUri(connection) ? FromUri(new Uri(connection)) : new NpgsqlConnectionStringBuilder(connection);
            if (string.IsNullOrWhiteSpace(builder.Host))
                throw ScoringErrors.BadConnection("it names no host");
            builder.ApplicationName ??= "churn score";
            builder.PersistSecurityInfo = false;
            return builder;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            throw ScoringErrors.BadConnection("it cannot be read");
        }
    }

    /// <summary>User, host, port and database.</summary>
    public static string Describe(string connection) => Describe(Parse(connection));

    /// <inheritdoc cref="Describe(string)"/>
    public static string Describe(NpgsqlConnectionStringBuilder builder) =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://{(builder.Username is { } user ? user + "@" : "")}{builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}");

    /// <summary>Turns what Npgsql throws into the engine's errors: those of the server's state pass, the others stay.</summary>
    public static ChurnException Failure(string place, NpgsqlException failure)
    {
        if (failure is not PostgresException refused)
            return ScoringErrors.DatabaseUnreachable(place, failure.Message, failure);
        // 08 connection, 40 deadlock, 53 disk or memory full, 55P03 locked, 57 shut down. The detail of an error may show a row; it is left out.
        bool passes = refused.SqlState[..2] is "08" or "40" or "53" or "57" || refused.SqlState == "55P03";
        string said = $"{refused.MessageText} (SQLSTATE {refused.SqlState})";
        return passes ? ScoringErrors.DatabaseUnreachable(place, said, failure) : ScoringErrors.DatabaseRefused(place, said, failure);
    }

    private static bool IsUri(string connection) =>
        connection.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || connection.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(uri.Host) };
        if (uri.Port > 0)
            builder.Port = uri.Port;
        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);
        if (uri.AbsolutePath.Length > 1)
            builder.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            builder[parts[0] == "sslmode" ? "SSL Mode" : Uri.UnescapeDataString(parts[0])] = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "");
        }
        return builder;
    }
}
