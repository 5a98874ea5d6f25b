namespace ChurnEngine.Decisions;

/// <summary>How a person reads a probability at a glance.</summary>
public enum RiskLevel
{
    /// <summary>Below the medium cut.</summary>
    Low,
    /// <summary>From the medium cut.</summary>
    Medium,
    /// <summary>From the high cut.</summary>
    High,
}

/// <summary>Probabilities from which the risk counts as medium and as high.</summary>
/// <param name="Medium">Above 0.</param>
/// <param name="High">Above <paramref name="Medium"/>, below 1.</param>
public sealed record RiskCuts(double Medium = 0.3, double High = 0.6)
{
    /// <summary>The level of one probability. Compared as float32: a cut of 0.6 counts exactly 0.6f as high. NaN is low.</summary>
    public RiskLevel LevelOf(float probability) =>
        probability >= (float)High ? RiskLevel.High : probability >= (float)Medium ? RiskLevel.Medium : RiskLevel.Low;

    /// <summary>Throws when the cuts are not in order.</summary>
    /// <remarks>Errors: ChurnConfigException CE7002.</remarks>
    public void Validate()
    {
        if (!(Medium > 0 && Medium < High && High < 1))
            throw DecisionsErrors.BadRiskCuts(Medium, High);
    }
}

/// <summary>The words for the levels.</summary>
public static class RiskLevels
{
    /// <summary>LOW, MEDIUM or HIGH, as files and screens show it.</summary>
    public static string ToText(this RiskLevel level) => level switch
    {
        RiskLevel.Low => "LOW",
        RiskLevel.Medium => "MEDIUM",
        RiskLevel.High => "HIGH",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
