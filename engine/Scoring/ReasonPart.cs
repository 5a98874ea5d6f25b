namespace ChurnEngine.Scoring;

/// <summary>What of a reason becomes a column of the output.</summary>
public enum ReasonPart
{
    /// <summary>The sentence: column <c>reason_1</c> and so on.</summary>
    Sentence,
    /// <summary>Name of the feature that speaks: <c>reason_1_feature</c>.</summary>
    Feature,
    /// <summary>Its value in words: <c>reason_1_value</c>.</summary>
    Value,
    /// <summary>Log-odds of the whole family, float32: <c>reason_1_contribution</c>.</summary>
    Contribution,
}

/// <summary>Names of the parts of a reason, and of their columns.</summary>
public static class ReasonParts
{
    private const string Prefix = "reason_";

    /// <summary>How churn.yaml and the command line write them; the first is the default.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sentence", "feature", "value", "contribution"];

    /// <summary>The part of a name; null for an unknown one.</summary>
    public static ReasonPart? Find(string name) => Enumerable.Range(0, Names.Count).Where(i => Names[i] == name).Select(i => (ReasonPart?)i).FirstOrDefault();

    /// <summary>Name of a column.</summary>
    /// <param name="part">What it holds.</param>
    /// <param name="number">Of the reason, 1 and up.</param>
    public static string ColumnOf(ReasonPart part, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Prefix}{number}{(part == ReasonPart.Sentence ? "" : "_" + Names[(int)part])}");

    /// <summary>True for a column of sentences.</summary>
    public static bool IsSentence(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Length > Prefix.Length && column.StartsWith(Prefix, StringComparison.Ordinal) && column.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
