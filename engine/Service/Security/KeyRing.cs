using ChurnEngine.Columns;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ChurnEngine.Service;

/// <summary>The keys in force: those of a file, followed as it changes, or those of the environment. Thread-safe.</summary>
public sealed class KeyRing
{
    /// <summary>Variable with keys, written as in a file, with semicolons between.</summary>
    public const string Variable = "CHURN_API_KEYS";

    private const string Bearer = "Bearer ", Basic = "Basic ";
    private readonly string? _path;
    private IReadOnlyList<ApiKey> _keys;
    private (DateTime, long) _seen;

    private KeyRing(string? path, IReadOnlyList<ApiKey> keys) => (_path, _keys) = (path, keys);

    /// <summary>True when everybody may do everything.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>Why the file as it is now is not in force; null when it is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Keys that there are.</summary>
    public int Count => _keys.Count;

    /// <summary>No keys: for a service that listens on this machine alone.</summary>
    public static KeyRing Open() => new(null, []) { IsOpen = true };

    /// <summary>Reads the keys.</summary>
    /// <param name="path">The file; null: the variable.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1230 when there is no key, CE1231, CE1232.</remarks>
    public static KeyRing Read(string? path)
    {
        string? text = path is null ? Environment.GetEnvironmentVariable(Variable) : ReadFile(path);
        KeyRing ring = new(path, ApiKey.Parse(text ?? "", path ?? Variable));
        if (path is not null)
            ring._seen = Stamp(path);
        return ring.Count > 0 ? ring : throw ServiceErrors.NoKeys();
    }

    /// <summary>Puts a key at the end of a file, which is made where there is none.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1232, CE1236 when that name is there.</remarks>
    public static void Append(string path, ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string there = File.Exists(path) ? ReadFile(path) : "# API keys of churn serve: name, scopes, requests an hour (0: no limit), hash of the key\n";
        if (ApiKey.Parse(there, path).Any(known => known.Name == key.Name))
            throw ServiceErrors.BadKeyName(key.Name);
        try
        {
            AtomicFile.WriteText(path, $"{there.TrimEnd('\n')}\n{key.ToLine()}\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ServiceErrors.CannotReadKeys(path, failure);
        }
    }

    /// <summary>Reads the file again when it has changed; one that cannot be read changes nothing.</summary>
    public void Look()
    {
        if (_path is null)
            return;
        try
        {
            (DateTime, long) stamp = Stamp(_path);
            if (stamp == _seen)
                return;
            IReadOnlyList<ApiKey> keys = ApiKey.Parse(ReadFile(_path), _path);
            (_seen, Fault) = (stamp, null);
            Volatile.Write(ref _keys, keys);
        }
        catch (Exception failure) when (failure is ChurnException or IOException or UnauthorizedAccessException)
        {
            Fault = failure is ChurnException ours ? ours.Describe() : failure.Message;
        }
    }

    /// <summary>Who asks; null where no key was sent.</summary>
    /// <remarks>Errors: <see cref="HttpProblemException"/> for a key that is none.</remarks>
    internal ApiKey? Who(HttpRequest request)
    {
        string? secret = SecretOf(request);
        if (secret is null)
            return null;
        return ApiKey.Find(Volatile.Read(ref _keys), secret) ?? throw new HttpProblemException(ServiceErrors.WrongKey());
    }

    // X-API-Key; Authorization: Bearer; and Basic with the key for a password, which is how a browser asks a person.
    private static string? SecretOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue("X-API-Key", out StringValues direct) && direct.Count == 1)
            return direct[0];
        string? authorization = request.Headers.Authorization.Count == 1 ? request.Headers.Authorization[0] : null;
        if (authorization is null)
            return null;
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return authorization[Bearer.Length..].Trim();
        if (!authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> pair = stackalloc byte[768];
        if (!Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), pair, out int length))
            return "";
        string text = System.Text.Encoding.UTF8.GetString(pair[..length]);
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ServiceErrors.CannotReadKeys(path, failure);
        }
    }

    private static (DateTime, long) Stamp(string path)
    {
        var file = new FileInfo(path);
        return (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
    }
}
