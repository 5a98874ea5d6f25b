using System.Globalization;

namespace ChurnEngine.Trainer;

/// <summary>An option of the booster as it is written down: its name, the names it has elsewhere, and how its text becomes a value.</summary>
public sealed class BoosterOption
{
    private readonly Func<BoosterOptions, string, BoosterOptions?> _read;

    private BoosterOption(string name, string expected, string meaning, string[] aliases, Func<BoosterOptions, string, BoosterOptions?> read)
    {
        (Name, Expected, Meaning, Aliases) = (name, expected, meaning, aliases);
        _read = read;
    }

    /// <summary>Our name, as in <c>train:</c> of churn.yaml.</summary>
    public string Name { get; }

    /// <summary>What LightGBM, XGBoost and scikit-learn call it.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>What its text must be, in words.</summary>
    public string Expected { get; }

    /// <summary>What it does, in one line.</summary>
    public string Meaning { get; }

    /// <summary>True when churn.yaml may write it as a mapping or as lists.</summary>
    public bool TakesYaml { get; private init; }

    /// <summary>True for our name and each alias.</summary>
    public bool IsCalled(string name) => name == Name || Aliases.Contains(name);

    /// <summary>The options with this one set; null when the text is not what is expected. Ranges are checked by <see cref="BoosterOptions.Validate"/>.</summary>
    public BoosterOptions? Read(BoosterOptions options, string text) => _read(options, text);

    internal static BoosterOption Whole(string name, string meaning, string[] aliases, Func<BoosterOptions, int, BoosterOptions> set) =>
        new(name, "a whole number", meaning, aliases, (options, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? set(options, value) : null);

    internal static BoosterOption Number(string name, string meaning, string[] aliases, Func<BoosterOptions, double, BoosterOptions> set) =>
        new(name, "a number", meaning, aliases, (options, text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? set(options, value) : null);

    internal static BoosterOption Key(string name, string meaning, string[] aliases, Func<BoosterOptions, ulong, BoosterOptions> set) =>
        new(name, "a whole number, 0 and up", meaning, aliases, (options, text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? set(options, value) : null);

    internal static BoosterOption Word<TKind>(string name, string meaning, string[] aliases, (IReadOnlyList<string> Names, Func<string, TKind?> Find) words, Func<BoosterOptions, TKind, BoosterOptions> set) where TKind : struct =>
        new(name, $"one of {string.Join(", ", words.Names)}", meaning, aliases, (options, text) => words.Find(text) is { } value ? set(options, value) : null);

    internal static BoosterOption Flag(string name, string meaning, string[] aliases, Func<BoosterOptions, bool, BoosterOptions> set) =>
        new(name, "true or false", meaning, aliases, (options, text) => bool.TryParse(text, out bool value) ? set(options, value) : null);

    internal static BoosterOption Value<TValue>(string name, string expected, string meaning, string[] aliases, Func<string, TValue?> read, Func<BoosterOptions, TValue, BoosterOptions> set) where TValue : class =>
        new(name, expected, meaning, aliases, (options, text) => read(text) is { } value ? set(options, value) : null) { TakesYaml = true };
}
