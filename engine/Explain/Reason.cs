using System.Text;

namespace ChurnEngine.Explain;

/// <summary>Which way a reason moves the risk.</summary>
public enum ReasonDirection
{
    /// <summary>Why the risk is high.</summary>
    Raises,
    /// <summary>Why the risk is low.</summary>
    Lowers,
}

/// <summary>One reason for a row's probability: the feature that speaks for its family, in words.</summary>
/// <param name="Feature">Index of the feature, 0..F-1.</param>
/// <param name="Name">Its name.</param>
/// <param name="ValueText">Its value as text with unit, or the category; "missing" when there is none.</param>
/// <param name="Contribution">Log-odds of the whole family; above 0 raises the risk, below lowers it.</param>
/// <param name="Direction">The sign of the contribution, in words.</param>
public sealed record Reason(int Feature, string Name, string ValueText, double Contribution, ReasonDirection Direction)
{
    /// <summary>The reason as a short sentence: "days_since_play = 23 days (raises risk)".</summary>
    public string Sentence
    {
        get
        {
            string fact = ValueText == ValueFormat.Missing ? $"{Name} is missing" : $"{Name} = {ValueText}";
            return $"{fact} ({(Direction == ReasonDirection.Raises ? "raises" : "lowers")} risk)";
        }
    }

    /// <summary>The sentences of several reasons in one cell, separated by "; "; empty for none.</summary>
    public static string Join(IReadOnlyList<Reason> reasons)
    {
        ArgumentNullException.ThrowIfNull(reasons);
        var text = new StringBuilder();
        foreach (Reason reason in reasons)
            text.Append(text.Length == 0 ? "" : "; ").Append(reason.Sentence);
        return text.ToString();
    }
}
