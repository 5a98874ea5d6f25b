using System.CommandLine;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>How probabilities are calibrated and a threshold is chosen, as flags of <c>churn train</c>; one that was not written leaves the project's setting.</summary>
internal sealed class CalibrationFlags
{
    private readonly Option<string?> _calibration = new("--calibration") { Description = $"How margins become probabilities: {string.Join(", ", CalibrationNames.All)}. auto (default) takes the simplest within one standard error of the least out-of-fold log-loss; none leaves them, and `churn decide` refuses those.", HelpName = "NAME" };
    private readonly Option<string?> _by = new("--threshold-by") { Description = $"By what the threshold is chosen, on the rows that calibrate: {ThresholdSettings.Forms}. value without numbers takes those of `decisions:`. Default: f_beta=1.", HelpName = "RULE" };
    private readonly Option<string?> _per = new("--threshold-per") { Description = "Categorical feature whose values get thresholds of their own, by the same rule.", HelpName = "FEATURE" };
    private readonly Option<string?> _equal = new("--threshold-equal") { Description = "With --threshold-per: choose those thresholds so that every value of the feature has what all rows have: opportunity (the share of churners found) or selection (the share flagged). none lets each go by the rule.", HelpName = "WHAT" };

    public CalibrationFlags(Action<Option> add)
    {
        _calibration.AcceptOnlyFromAmong([.. CalibrationNames.All]);
        _equal.AcceptOnlyFromAmong([.. ThresholdSettings.EqualForms]);
        foreach (Option option in new Option[] { _calibration, _by, _per, _equal })
            add(option);
    }

    /// <summary>What was written, beside <paramref name="others"/>.</summary>
    public TrainOverrides Read(VerbContext context, TrainOverrides others) => others with { Calibration = context.Get(_calibration), ThresholdBy = context.Get(_by), ThresholdPer = context.Get(_per), ThresholdEqual = context.Get(_equal) };

    /// <summary>What training chose, in words.</summary>
    public static void Print(IAnsiConsole console, TrainReport report)
    {
        if (report.Calibration is { } calibration)
        {
            console.WriteLine(FormattableString.Invariant($"calibration: {calibration.Method} ({calibration.Reason}); on {calibration.Rows:N0} rows ECE {calibration.Before.Ece:F4} -> {calibration.After.Ece:F4}, log-loss {calibration.Before.LogLoss:F5} -> {calibration.After.LogLoss:F5}, Brier {calibration.Before.Brier:F5} -> {calibration.After.Brier:F5}"));
        }
        if (report.Threshold is not { } threshold)
            return;
        console.WriteLine($"threshold: {threshold.Reason}");
        foreach (SegmentThreshold segment in threshold.Segments)
            console.WriteLine(FormattableString.Invariant($"  {threshold.Feature} {segment.Category}: from {segment.Threshold:F4}, {segment.Reason}"));
    }
}
