namespace ChurnEngine.Features;

/// <summary>Reads which of a label's two values means churn.</summary>
internal static class LabelValues
{
    private static readonly HashSet<string> s_positive = new(StringComparer.OrdinalIgnoreCase)
    {
        "yes", "y", "true", "t", "1", "churn", "churned", "churner", "left", "leaver", "exited", "cancelled", "canceled", "attrited", "attrited customer",
        "closed", "lost", "default", "defaulted", "converted", "positive", "withdrawn", "withdrawal",
    };

    private static readonly HashSet<string> s_negative = new(StringComparer.OrdinalIgnoreCase)
    {
        "no", "n", "false", "f", "0", "-1", "stayed", "stay", "retained", "active", "existing", "existing customer", "no churn", "non-churn", "not churned", "open", "negative",
    };

    /// <summary>The value without blanks around it.</summary>
    public static string Normalize(string text) => text.Trim();

    /// <summary>Picks the positive of two values, and says why when it had to guess.</summary>
    /// <param name="counts">Two values with their rows.</param>
    /// <param name="note">Empty when the words say it.</param>
    public static string ChoosePositive(IReadOnlyList<(string Value, long Rows)> counts, out string note)
    {
        note = "";
        (string first, string second) = (counts[0].Value, counts[1].Value);
        if (s_positive.Contains(first) != s_positive.Contains(second))
            return s_positive.Contains(first) ? first : second;
        if (s_negative.Contains(first) != s_negative.Contains(second))
            return s_negative.Contains(first) ? second : first;
        bool secondIsRarer = counts[1].Rows < counts[0].Rows || (counts[1].Rows == counts[0].Rows && string.CompareOrdinal(second, first) > 0);
        string positive = secondIsRarer ? second : first;
        note = $"the label's value '{positive}', the rarer one, was taken to mean churn";
        return positive;
    }
}
