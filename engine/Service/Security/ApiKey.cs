using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChurnEngine.Service;

/// <summary>What a key may do.</summary>
[Flags]
public enum KeyScopes
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Ask for predictions.</summary>
    Predict = 1,
    /// <summary>Look at models, metrics and readiness.</summary>
    Monitor = 2,
    /// <summary>All of it, and have the registry looked at anew.</summary>
    Admin = 4 | Predict | Monitor,
}

/// <summary>An API key as the service knows it: by its hash alone.</summary>
/// <param name="Name">Whose it is; in logs and metrics.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="HourlyLimit">Requests an hour; 0: no limit.</param>
/// <param name="Hash">[32] SHA-256 of the key. A key has 256 random bits, so nothing slower is needed to keep it from being guessed.</param>
public sealed record ApiKey(string Name, KeyScopes Scopes, int HourlyLimit, byte[] Hash)
{
    private const string Prefix = "churn_";
    private const int RandomBytes = 32, LongestName = 64, LongestKey = 512;
    private const string HashPrefix = "sha256:";

    /// <summary>Makes a key.</summary>
    /// <returns>The secret, which nobody keeps but who asked for it, and what the service keeps.</returns>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE1236 for a name that cannot be used.</remarks>
    public static (string Secret, ApiKey Key) Make(string name, KeyScopes scopes, int hourlyLimit)
    {
        if (!IsName(name))
            throw ServiceErrors.BadKeyName(name);
        string secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return (secret, new ApiKey(name, scopes, hourlyLimit, HashOf(secret)));
    }

    /// <summary>The line that <see cref="Parse"/> reads.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Name} {ScopeText(Scopes)} {HourlyLimit} {HashPrefix}{Convert.ToHexStringLower(Hash)}");

    /// <summary>Reads the keys of a file or of a variable: one a line, or between semicolons; <c>#</c> begins a comment.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="source">For errors, which tell a line's number and none of its content.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE1231.</remarks>
    public static IReadOnlyList<ApiKey> Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<ApiKey> keys = [];
        string[] lines = text.Split('\n', ';');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Split('#')[0].Trim();
            if (line.Length == 0)
                continue;
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 4 || !IsName(words[0]))
                throw ServiceErrors.BadKeys(source, i + 1, "no key can be read");
            if (ScopesOf(words[1]) is not { } scopes)
                throw ServiceErrors.BadKeys(source, i + 1, "a scope is predict, monitor or admin");
            if (!int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out int limit))
                throw ServiceErrors.BadKeys(source, i + 1, "the limit is a whole number, 0 for none");
            if (!words[3].StartsWith(HashPrefix, StringComparison.Ordinal) || words[3].Length != HashPrefix.Length + 64 || !words[3][HashPrefix.Length..].All(char.IsAsciiHexDigit))
                throw ServiceErrors.BadKeys(source, i + 1, "the hash is no SHA-256 (a key itself never stands here)");
            if (keys.Any(key => key.Name == words[0]))
                throw ServiceErrors.BadKeys(source, i + 1, "that name is there already");
            keys.Add(new ApiKey(words[0], scopes, limit, Convert.FromHexString(words[3][HashPrefix.Length..])));
        }
        return keys;
    }

    /// <summary>Reads predict, monitor and admin, with commas between; null for anything else.</summary>
    public static KeyScopes? ScopesOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        KeyScopes scopes = KeyScopes.None;
        foreach (string word in text.Split(','))
        {
            switch (word)
            {
                case "predict": scopes |= KeyScopes.Predict; break;
                case "monitor": scopes |= KeyScopes.Monitor; break;
                case "admin": scopes |= KeyScopes.Admin; break;
                default: return null;
            }
        }
        return scopes;
    }

    /// <summary>The scopes as <see cref="ScopesOf"/> reads them.</summary>
    public static string ScopeText(KeyScopes scopes) => scopes.HasFlag(KeyScopes.Admin) ? "admin" : string.Join(',', new[] { (KeyScopes.Predict, "predict"), (KeyScopes.Monitor, "monitor") }.Where(scope => scopes.HasFlag(scope.Item1)).Select(scope => scope.Item2));

    /// <summary>The key that a secret opens with; null when there is none. Takes as long whichever it is, and whether there is one.</summary>
    /// <param name="keys">All keys.</param>
    /// <param name="secret">What came.</param>
    internal static ApiKey? Find(IReadOnlyList<ApiKey> keys, string secret)
    {
        if (secret.Length > LongestKey)
            return null;
        byte[] hash = HashOf(secret);
        ApiKey? found = null;
        foreach (ApiKey key in keys)
            found = CryptographicOperations.FixedTimeEquals(hash, key.Hash) ? key : found;
        return found;
    }

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static bool IsName(string name) => name.Length is >= 1 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
