namespace ChurnEngine.Trainer;

/// <summary>What early stopping watches.</summary>
public enum MetricKind
{
    /// <summary>What is minimised, class weights included.</summary>
    Loss,
    /// <summary>Log-loss of the probabilities.</summary>
    LogLoss,
    /// <summary>Area under the ROC curve.</summary>
    RocAuc,
    /// <summary>Average precision.</summary>
    AveragePrecision,
    /// <summary>Mean squared difference of probability and outcome.</summary>
    Brier,
    /// <summary>Root of the mean squared error of a value.</summary>
    Rmse,
    /// <summary>Mean absolute error of a value.</summary>
    Mae,
    /// <summary>Mean Poisson deviance of a value above 0.</summary>
    PoissonDeviance,
    /// <summary>Mean Tweedie deviance of a value above 0.</summary>
    TweedieDeviance,
    /// <summary>Mean pinball loss of a value.</summary>
    QuantileLoss,
}

/// <summary>Makes the metric that options name.</summary>
internal static class MetricChoice
{
    /// <summary>The metric; null where early stopping watches the loss itself.</summary>
    /// <remarks>Errors: CE4007 when the objective's predictions are nothing that the metric could judge.</remarks>
    public static IMetric? Of(BoosterOptions options, IObjective objective)
    {
        if (Of(options.EarlyStoppingMetric, options) is not { } metric)
            return null;
        if (metric.Fits(objective.Link))
            return metric;
        string[] fitting = [.. Enum.GetValues<MetricKind>().Where(kind => Of(kind, options)?.Fits(objective.Link) != false).Select(BoosterValues.NameOf)];
        throw TrainerErrors.OptionOutOfRange(nameof(BoosterOptions.EarlyStoppingMetric), $"with objective {objective.Name} one of {string.Join(", ", fitting)}", metric.Name);
    }

    private static IMetric? Of(MetricKind kind, BoosterOptions options) => kind switch
    {
        MetricKind.LogLoss => new LogLossMetric(),
        MetricKind.RocAuc => new RocAucMetric(),
        MetricKind.AveragePrecision => new AveragePrecisionMetric(),
        MetricKind.Brier => new BrierMetric(),
        MetricKind.Rmse => new RmseMetric(),
        MetricKind.Mae => new MaeMetric(),
        MetricKind.PoissonDeviance => new PoissonDevianceMetric(),
        MetricKind.TweedieDeviance => new TweedieDevianceMetric(options.TweedieVariancePower),
        MetricKind.QuantileLoss => new QuantileLossMetric(options.QuantileAlpha),
        _ => null,
    };
}
