namespace ChurnEngine.Pipeline;

/// <summary>What <c>churn evaluate</c> reports: section <c>report</c>.</summary>
/// <param name="Out">Folder for the report, from the project's folder; null for none.</param>
/// <param name="Segment">Feature whose values get a line of the table by segment; null for none.</param>
/// <param name="Baseline">Rule of thumb that the model is compared with, a condition on features; null: the best single feature.</param>
/// <param name="CompareWith">Model file to compare with, from the project's folder; null for none.</param>
/// <param name="Resamples">Resamples of the bootstrap: 0, or 10 and up.</param>
public sealed record ReportSettings(string? Out, string? Segment, string? Baseline, string? CompareWith, int Resamples)
{
    /// <summary>Used when there is no churn.yaml.</summary>
    public static ReportSettings Default { get; } = new(null, null, null, null, DefaultResamples);

    /// <summary>Resamples where nothing is said.</summary>
    public const int DefaultResamples = 1000;

    /// <summary>Fewest resamples, if there are any.</summary>
    public const int LeastResamples = 10;

    internal static ReportSettings Read(ConfigSection section)
    {
        var settings = new ReportSettings(section.OptionalText("out"), section.OptionalText("segment"), section.OptionalText("baseline"), section.OptionalText("compare_with"),
            (int)section.Within("resamples", DefaultResamples, $"0, or a whole number from {LeastResamples}", value => value is 0 or >= LeastResamples and <= 1e6 && value == Math.Floor(value)));
        section.Close();
        return settings;
    }
}
