namespace ChurnEngine.Explain;

/// <summary>Which way a reason moves the risk.</summary>
public enum ReasonDirection
{
    /// <summary>Why the risk is high.</summary>
    Raises,
    /// <summary>Why the risk is low.</summary>
    Lowers,
}

/// <summary>One reason for a row's probability: a family of features, told by the one of them that moves the risk most its way.</summary>
/// <param name="Family">Name of the family; that of the feature where it stands alone.</param>
/// <param name="Feature">Index of the feature that speaks, 0..F-1.</param>
/// <param name="Sentence">In words.</param>
/// <param name="Contribution">Log-odds of the whole family; above 0 raises the risk, below lowers it.</param>
/// <param name="Members">Features of the family.</param>
public sealed record Reason(string Family, int Feature, string Sentence, double Contribution, int Members);

/// <summary>All reasons of one row: with the part not told they add up to what its features contribute.</summary>
/// <param name="Told">The strongest first, whichever way; families that contribute nothing are left out.</param>
/// <param name="NotTold">Log-odds of features that are never named, together.</param>
/// <param name="FeaturesNotTold">How many those are.</param>
public sealed record RowReasons(IReadOnlyList<Reason> Told, double NotTold, int FeaturesNotTold);
