using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Explain;
using ChurnEngine.Models;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Whom to explain, and how.</summary>
/// <param name="Customer">Key, as text.</param>
public sealed record CustomerQuestion(string Customer)
{
    /// <summary>Instant, microseconds since 1970 UTC; null: the end of the data.</summary>
    public long? AsOf { get; init; }

    /// <summary>Other customers whose values stand in for a feature that is not known, 1 and up; 0: the training rows do, by the covers of the trees.</summary>
    public int Background { get; init; }

    /// <summary>Pairs of features to list, the strongest first; 0 for none.</summary>
    public int Pairs { get; init; }
}

/// <summary>What one feature does to a customer's margin.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Value">Its value in words.</param>
/// <param name="LogOdds">Above 0 it raises the margin.</param>
public sealed record FeatureEffect(string Feature, string Value, double LogOdds);

/// <summary>What two features do together, beyond what each does alone.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
/// <param name="LogOdds">Of both together: twice the SHAP interaction value.</param>
public sealed record PairEffect(string First, string Second, double LogOdds);

/// <summary>Why a customer's prediction is what it is.</summary>
/// <param name="Version">Version of the model.</param>
/// <param name="Customer">Key.</param>
/// <param name="AsOf">ISO 8601 instant; null for a plain table.</param>
/// <param name="Predicted">Probability, calibrated; of a regression the value.</param>
/// <param name="Margin">What the effects sum to, together with <paramref name="ExpectedMargin"/>: log-odds before calibration.</param>
/// <param name="ExpectedMargin">Margin of a customer of whom nothing is known.</param>
/// <param name="Unknown">What stands in for an unknown feature, in words.</param>
/// <param name="Features">All features, the strongest first.</param>
/// <param name="Pairs">The strongest pairs; empty when none were asked for.</param>
public sealed record CustomerExplanation(
    string Version, string Customer, string? AsOf, double Predicted, double Margin, double ExpectedMargin, string Unknown, IReadOnlyList<FeatureEffect> Features, IReadOnlyList<PairEffect> Pairs);

/// <summary>Says why one customer's prediction is what it is.</summary>
public static class ExplainCustomerStep
{
    /// <summary>Finds the customer and splits the margin.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1170 when the customer is not there, CE1171 when the model has no trees to ask; CE5901 for trees without covers; what reading throws.</remarks>
    public static CustomerExplanation Run(ScoreInput input, ModelChoice choice, CustomerQuestion question, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(question);
        using var served = ServedModel.Open(choice);
        if (served.Model.Predictor is not TreeEnsemble && (question.Background > 0 || question.Pairs > 0))
            throw PipelineErrors.NoTreesToAsk(served.Model.Version, question.Background > 0 ? "--background" : "--interactions");
        return input.With(served, question.AsOf, context, (source, _, _) =>
        {
            (float[] row, float[] background) = context.Stages.Time("find", () => Find(source, question), _ => 1);
            return context.Stages.Time("explain", () => Explain(served, source, question, (row, background)), _ => 1);
        });
    }

    private static CustomerExplanation Explain(ServedModel served, IScoringSource source, CustomerQuestion question, (float[] Row, float[] Background) found)
    {
        float[] row = found.Row, predicted = new float[1], margin = new float[1];
        served.Backend.Predict(row, predicted, margin);
        IPredictor predictor = served.Model.Predictor;
        // One row: the walks that need no tables.
        IExplainer explainer = found.Background.Length > 0 ? new InterventionalShap((TreeEnsemble)predictor, found.Background) : predictor.CreateExplainer();
        double[] effects = new double[row.Length];
        explainer.Explain(row, effects);
        return new CustomerExplanation(
            served.Model.Version, question.Customer, source.AsOf is { } asOf ? InstantText.Format(asOf) : null, predicted[0], predictor.Margin(row), explainer.ExpectedMargin,
            found.Background.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"taken from {found.Background.Length / row.Length:N0} other customers") : "averaged over the training rows",
            [.. effects.Select((effect, i) => new FeatureEffect(source.Features[i].Name, ValueFormat.Text(source.Features[i], row[i]), effect)).OrderByDescending(effect => Math.Abs(effect.LogOdds)).ThenBy(effect => effect.Feature, StringComparer.Ordinal)],
            question.Pairs == 0 ? [] : [.. PairsOf((TreeEnsemble)predictor, source.Features, row).Take(question.Pairs)]);
    }

    private static IEnumerable<PairEffect> PairsOf(TreeEnsemble trees, IReadOnlyList<FeatureInfo> features, float[] row)
    {
        int count = row.Length;
        double[] values = new double[count * count];
        new ShapInteractions(trees).Explain(row, values);
        return Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(i + 1, count - i - 1).Select(j => new PairEffect(features[i].Name, features[j].Name, 2 * values[i * count + j])))
            .Where(pair => pair.LogOdds != 0).OrderByDescending(pair => Math.Abs(pair.LogOdds)).ThenBy(pair => pair.First, StringComparer.Ordinal).ThenBy(pair => pair.Second, StringComparer.Ordinal);
    }

    // The background is spread evenly over the first partition that has anybody: customers lie in partitions by a hash, so that any one is a fair sample.
    private static (float[] Row, float[] Background) Find(IScoringSource source, CustomerQuestion question)
    {
        float[]? row = null, background = question.Background == 0 ? [] : null;
        for (int partition = 0; partition < source.PartitionCount && (row is null || background is null); partition++)
        {
            using ScoringPartition rows = source.Load(partition);
            int count = (int)rows.Matrix.RowCount;
            if (background is null && count > 0)
                background = [.. Enumerable.Range(0, Math.Min(question.Background, count)).SelectMany(i => rows.Matrix.Row((long)i * count / Math.Min(question.Background, count)).ToArray())];
            if (row is null && IndexOf(rows.Keys, question.Customer) is >= 0 and int index)
                row = rows.Matrix.Row(index).ToArray();
        }
        return (row ?? throw PipelineErrors.NoSuchCustomer(source.KeyName, question.Customer, source.AsOf is { } asOf ? InstantText.Format(asOf) : null, source.CustomerCount), background ?? []);
    }

    private static int IndexOf(Column keys, string customer)
    {
        if (keys is PrimitiveColumn<long> numbers)
            return long.TryParse(customer, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? numbers.Values.IndexOf(number) : -1;
        var texts = (Utf8Column)keys;
        byte[] wanted = System.Text.Encoding.UTF8.GetBytes(customer);
        for (int row = 0; row < texts.Length; row++)
        {
            if (texts.GetBytes(row).SequenceEqual(wanted))
                return row;
        }
        return -1;
    }
}
