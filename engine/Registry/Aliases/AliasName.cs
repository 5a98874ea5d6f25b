using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>The names under which a registry hands out versions.</summary>
public static class AliasName
{
    /// <summary>The version that serves.</summary>
    public const string Production = "production";

    /// <summary>The version that is tried before it serves.</summary>
    public const string Staging = "staging";

    /// <summary>The version that others are compared with; where it is not set, that of production.</summary>
    public const string Champion = "champion";

    /// <summary>A version that runs beside the champion.</summary>
    public const string Challenger = "challenger";

    private const int VersionLength = 14;

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> All { get; } = [Staging, Production, Champion, Challenger];

    /// <summary>Throws for a word that is no alias.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8108.</remarks>
    public static string Require(string name) => All.Contains(name) ? name : throw RegistryErrors.UnknownAlias(name);

    /// <summary>True of a text that has the form of a version: "m-" and twelve hexadecimal digits.</summary>
    public static bool IsVersion(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == VersionLength && text.StartsWith("m-", StringComparison.Ordinal) && text.Skip(2).All(char.IsAsciiHexDigitLower);
    }
}
