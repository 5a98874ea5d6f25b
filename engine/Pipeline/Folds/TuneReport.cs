using ChurnEngine.Evaluation;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>What a search for options found.</summary>
/// <param name="Chosen">Options that were best, by our names; empty when those as they are were.</param>
/// <param name="LogLoss">Their mean log-loss over the folds of the search, nats.</param>
/// <param name="LogLossAsIs">That of the options as they are.</param>
/// <param name="Trials">Trials started, beside the options as they are.</param>
/// <param name="Whole">Of these, scored on all rows.</param>
/// <param name="Design">How it went: method, halving, seed.</param>
/// <param name="Space">The ranges.</param>
/// <param name="Folds">Names of the folds that trials were scored on.</param>
public sealed record TuneReport(IReadOnlyDictionary<string, string> Chosen, double LogLoss, double LogLossAsIs, int Trials, int Whole, string Design, string Space, IReadOnlyList<string> Folds)
{
    internal static TuneReport? Of(SearchResult? found) => found is null ? null
        : new TuneReport(found.Chosen, found.Loss, found.LossAsIs, found.Trials, found.Whole, found.Design, found.Space, found.Folds);
}

/// <summary>A trial of a search that is done.</summary>
/// <param name="Number">0 for the options as they are, then 1 and up.</param>
/// <param name="Total">Trials in all, beside the options as they are.</param>
/// <param name="Share">Part of the rows or trees that it got, above 0 up to 1.</param>
/// <param name="LogLoss">Its mean log-loss over the folds, nats.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="WasKnown">True when the journal had it.</param>
/// <param name="Options">What was tried, as a line; empty of number 0.</param>
public sealed record TrialUpdate(int Number, int Total, double Share, double LogLoss, double Seconds, bool WasKnown, string Options);

/// <summary>Mean of a metric over folds.</summary>
/// <param name="Mean">Over the folds.</param>
/// <param name="StandardError">Of the mean, corrected for training rows that folds share; 0 of one fold.</param>
/// <param name="Low">Lower end of the 95% interval, cut where no metric can be.</param>
/// <param name="High">Upper end, likewise.</param>
public sealed record MetricInterval(double Mean, double StandardError, double Low, double High)
{
    // Student's interval of two folds is wider than the metric's range.
    internal static MetricInterval Of(FoldMean mean, string metric) =>
        new(mean.Mean, mean.StandardError, Math.Max(0, mean.Low), metric == "log_loss" ? mean.High : Math.Min(1, mean.High));
}

/// <summary>Passes trials on in the words of this stage.</summary>
internal sealed class TrialRelay(IProgress<TrialUpdate> to) : IProgress<TrialProgress>
{
    /// <inheritdoc/>
    public void Report(TrialProgress value) =>
        to.Report(new TrialUpdate(value.Trial.Number, value.Total, value.Trial.Share, value.Trial.Loss, value.Trial.Seconds, value.WasKnown, value.Trial.Text));
}
