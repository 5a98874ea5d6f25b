using System.Globalization;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>The model card: what a model is, what it was made from, how good it is and where it ends, in Markdown, from what its file says of itself.</summary>
/// <remarks>Source: Mitchell et al. 2019, Model Cards for Model Reporting.</remarks>
public static class ModelCard
{
    private const string Ending = "-card.md";
    private const int MostFeatures = 20;
    private const double ShareToMention = 0.5;
    // Half-width of an AUC's interval from which a reader should think twice.
    private const double WideInterval = 0.03;

    private static readonly (string Key, string Name)[] s_metrics =
    [
        ("roc_auc", "ROC-AUC"), ("pr_auc", "PR-AUC"), ("log_loss", "Log-loss"), ("brier", "Brier score"), ("ece", "Expected calibration error"), ("precision", "Precision at the threshold"), ("recall", "Recall at the threshold"),
        ("f1", "F1 at the threshold"), ("precision_at_10", "Precision among the top 10%"), ("lift_at_10", "Lift among the top 10%"), ("positive_rate", "Share of positives"), ("mean_probability", "Mean probability"),
        ("rmse", "RMSE"), ("naive_rmse", "RMSE of the mean"), ("mae", "MAE"), ("naive_mae", "MAE of the mean"), ("r2", "R2"), ("spearman", "Spearman's rank correlation"),
    ];

    private static readonly (string Prefix, string Design)[] s_designs =
    [
        ("test.", "on a later snapshot that neither training, nor early stopping, nor calibration, nor the threshold has seen"),
        ("holdout.", "on a fifth of the rows, held out; the table has no time, so this says nothing of the future"),
        ("cv.", "on held-out folds; the table has no time, so this says nothing of the future"),
    ];

    /// <summary>Where the card of a model file lies: beside it, `model.onnx` with `model-card.md`.</summary>
    public static string PathBeside(string modelPath)
    {
        string full = Path.GetFullPath(modelPath);
        return Path.Combine(Path.GetDirectoryName(full)!, Path.GetFileNameWithoutExtension(full) + Ending);
    }

    /// <summary>Writes the card's text; the same model gives the same bytes.</summary>
    /// <param name="model">A model that was saved.</param>
    public static string Write(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelMetadata metadata = model.Metadata;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Model card: {metadata.ModelName} {model.Version}\n\n");
        Overview(text, model);
        Data(text, metadata);
        Design(text, metadata);
        Metrics(text, metadata);
        Decision(text, metadata);
        FairnessSection.Write(text, metadata);
        Limits(text, metadata);
        Importance(text, metadata);
        Options(text, metadata);
        return text.ToString();
    }

    private static void Overview(StringBuilder text, ChurnModel model)
    {
        ModelMetadata metadata = model.Metadata;
        text.Append("| | |\n| --- | --- |\n");
        Row(text, "Version", model.Version);
        Row(text, "Predicts", metadata.Task == ModelTask.Regression ? "a value" : "the probability that a customer churns within the horizon of the plan's label");
        Row(text, "Algorithm", metadata.TrainerOptions.GetValueOrDefault("Algorithm", "not said"));
        Row(text, "Features", Count(metadata.Features.Count));
        Row(text, "Trained by", $"ChurnEngine {metadata.EngineVersion}");
        if (metadata.TrainerOptions.TryGetValue("ContinuedFrom", out string? from))
            Row(text, "Went on from", from);
        Row(text, "Plan", metadata.PlanHash.Length > 12 ? metadata.PlanHash[..12] : metadata.PlanHash);
    }

    private static void Data(StringBuilder text, ModelMetadata metadata)
    {
        text.Append("\n## Data\n\n");
        text.Append(CultureInfo.InvariantCulture, $"- {metadata.TrainingRows:N0} rows trained it");
        text.Append(metadata.Task == ModelTask.Regression ? string.Create(CultureInfo.InvariantCulture, $"; the mean of their labels is {metadata.TrainingMean:G6}.\n") : string.Create(CultureInfo.InvariantCulture, $", of which {metadata.TrainingPositiveRate:P1} were positive.\n"));
        text.Append(metadata.TrainingAsOf.Count == 0 ? "- A plain table without time: one row a customer.\n" : $"- Snapshots as of {string.Join(", ", metadata.TrainingAsOf.Select(InstantText.Format))}.\n");
        text.Append("- The plan, with its sources' columns, windows and label, is inside the model file.\n");
    }

    private static void Design(StringBuilder text, ModelMetadata metadata)
    {
        text.Append("\n## Design of the numbers\n\n");
        text.Append(DesignOf(metadata) is { } design ? $"Measured {design.Design}.\n" : "The file holds no metrics.\n");
        if (metadata.KnownThrough != 0)
            text.Append(CultureInfo.InvariantCulture, $"All that the model learnt from was known on {InstantText.Format(metadata.KnownThrough)}; a snapshot as of that day or later is new to it.\n");
        if (metadata.TrainerOptions.TryGetValue("AllowLeakage", out string? reason))
            text.Append(CultureInfo.InvariantCulture, $"**An alarm of the leakage audit was overruled**: {reason}\n");
        if (metadata.TrainerOptions.TryGetValue("AllowPersonal", out string? personal))
            text.Append(CultureInfo.InvariantCulture, $"**Personal data was allowed by name**: {personal}\n");
    }

    private static void Metrics(StringBuilder text, ModelMetadata metadata)
    {
        if (DesignOf(metadata) is not { } design)
            return;
        text.Append("\n## Metrics\n\n| Metric | Value | 95% interval |\n| --- | ---: | --- |\n");
        foreach ((string key, string name) in s_metrics)
        {
            if (!metadata.Metrics.TryGetValue(design.Prefix + key, out double value))
                continue;
            string interval = metadata.Metrics.TryGetValue($"{design.Prefix}{key}_low", out double low) && metadata.Metrics.TryGetValue($"{design.Prefix}{key}_high", out double high) ? $"{Number(low)} to {Number(high)}" : "not known";
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Number(value)} | {interval} |\n");
        }
        if (metadata.Metrics.TryGetValue(design.Prefix + "true_positives", out double hits))
            text.Append(CultureInfo.InvariantCulture, $"\nAt the threshold: {hits:N0} found, {metadata.Metrics.GetValueOrDefault(design.Prefix + "false_negatives"):N0} missed, {metadata.Metrics.GetValueOrDefault(design.Prefix + "false_positives"):N0} flagged in vain, {metadata.Metrics.GetValueOrDefault(design.Prefix + "true_negatives"):N0} rightly left alone.\n");
    }

    private static void Decision(StringBuilder text, ModelMetadata metadata)
    {
        if (metadata.Task == ModelTask.Regression)
            return;
        text.Append("\n## Calibration and threshold\n\n");
        text.Append(metadata.CalibrationMethod == "none" ? "Probabilities are **not calibrated**: they rank customers, and are no rates.\n" : $"Probabilities are calibrated ({metadata.CalibrationMethod}) on rows that training has not seen; the calibration is part of the ONNX graph.\n");
        text.Append(CultureInfo.InvariantCulture, $"A customer counts as a churner from probability {metadata.Threshold:0.####} on.\n");
    }

    private static void Limits(StringBuilder text, ModelMetadata metadata)
    {
        text.Append("\n## Limits\n\n");
        foreach (string limit in LimitsOf(metadata))
            text.Append(CultureInfo.InvariantCulture, $"- {limit}\n");
    }

    private static IEnumerable<string> LimitsOf(ModelMetadata metadata)
    {
        yield return "It is meant for customers like those it was trained on. It says who is likely to leave, not who would stay because of an offer.";
        if (metadata.TrainingAsOf.Count == 0)
            yield return "Nothing is known of how it does on later data: measure it there before it decides anything.";
        else
            yield return $"It knows nothing of what came after {InstantText.Format(Math.Max(metadata.KnownThrough, metadata.TrainingAsOf.Max()))}; watch for drift, and measure it again when labels have arrived.";
        if (DesignOf(metadata) is { } design && metadata.Metrics.TryGetValue(design.Prefix + "roc_auc_low", out double low) && metadata.Metrics.TryGetValue(design.Prefix + "roc_auc_high", out double high) && high - low > 2 * WideInterval)
            yield return $"Its ROC-AUC is only known to lie between {Number(low)} and {Number(high)}: few rows were there to measure it.";
        string[] sparse = [.. metadata.Features.Zip(metadata.Distributions, (feature, distribution) => (feature.Name, distribution.MissingShare)).Where(feature => feature.MissingShare > ShareToMention).Select(feature => string.Create(CultureInfo.InvariantCulture, $"{feature.Name} ({feature.MissingShare:P0})"))];
        if (sparse.Length > 0)
            yield return $"Missing in more than half of the training rows: {string.Join(", ", sparse)}.";
        int categorical = metadata.Features.Count(feature => feature.Kind == FeatureKind.Categorical);
        if (categorical > 0)
            yield return $"A category that training had not seen counts as missing; {categorical} features have categories.";
        if (metadata.Fairness is null)
            yield return "Groups of customers were not compared: nothing here says that it treats them alike.";
    }

    private static void Importance(StringBuilder text, ModelMetadata metadata)
    {
        double total = metadata.Importance.Sum(feature => feature.Gain);
        if (total > 0)
        {
            text.Append("\n## What it relies on\n\n| Feature | Share of gain | Splits |\n| --- | ---: | ---: |\n");
            foreach ((FeatureImportance did, FeatureInfo feature) in metadata.Importance.Zip(metadata.Features).OrderByDescending(pair => pair.First.Gain).ThenBy(pair => pair.Second.Name, StringComparer.Ordinal).Take(MostFeatures))
                text.Append(CultureInfo.InvariantCulture, $"| {feature.Name} | {did.Gain / total:P1} | {did.Splits:N0} |\n");
        }
        ModelCoefficient[] coefficients = [.. metadata.Coefficients.Skip(1).OrderByDescending(c => Math.Abs(c.PerDeviation)).ThenBy(c => c.Feature, StringComparer.Ordinal).Take(MostFeatures)];
        if (coefficients.Length == 0)
            return;
        text.Append("\n## What it relies on\n\n| Feature | Level | Log-odds a unit | Log-odds a standard deviation |\n| --- | --- | ---: | ---: |\n");
        foreach (ModelCoefficient c in coefficients)
            text.Append(CultureInfo.InvariantCulture, $"| {c.Feature} | {c.Level} | {c.Value:0.####} | {c.PerDeviation:0.####} |\n");
    }

    private static void Options(StringBuilder text, ModelMetadata metadata)
    {
        text.Append("\n## Options of the training\n\n| Option | Value |\n| --- | --- |\n");
        foreach ((string name, string value) in metadata.TrainerOptions.OrderBy(option => option.Key, StringComparer.Ordinal))
            Row(text, name, value);
    }

    private static (string Prefix, string Design)? DesignOf(ModelMetadata metadata)
    {
        foreach ((string prefix, string design) in s_designs)
        {
            if (metadata.Metrics.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal)))
                return (prefix, design);
        }
        return null;
    }

    // A bar or a line break of a user's own name would break the table.
    private static void Row(StringBuilder text, string name, string value) => text.Append(CultureInfo.InvariantCulture, $"| {name} | {value.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")} |\n");

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
