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

    /// <summary>What would have to be otherwise; null: that is not asked.</summary>
    public CounterfactualQuestion? Counterfactual { get; init; }
}

/// <summary>What one feature does to a customer's margin.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Value">Its value in words.</param>
/// <param name="LogOdds">Above 0 it raises the margin.</param>
public sealed record FeatureEffect(string Feature, string Value, double LogOdds);

/// <summary>What the features of one family do together to a customer's margin.</summary>
/// <param name="Family">The fact that they tell.</param>
/// <param name="Sentence">In words, by its strongest member.</param>
/// <param name="LogOdds">Of all of them; above 0 it raises the margin.</param>
/// <param name="Features">How many there are.</param>
public sealed record ReasonEffect(string Family, string Sentence, double LogOdds, int Features);

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
/// <param name="Features">All features, the strongest first; those that are never named come together as one, <see cref="NotTold"/>.</param>
/// <param name="Pairs">The strongest pairs; empty when none were asked for.</param>
public sealed record CustomerExplanation(
    string Version, string Customer, string? AsOf, double Predicted, double Margin, double ExpectedMargin, string Unknown, IReadOnlyList<FeatureEffect> Features, IReadOnlyList<PairEffect> Pairs)
{
    /// <summary>What stands for features that are never named.</summary>
    public const string NotTold = "(not told)";

    /// <summary>Reasons by family, the strongest first; with those not told they sum to the same.</summary>
    public IReadOnlyList<ReasonEffect> Reasons { get; init; } = [];

    /// <summary>Log-odds of features that are never named.</summary>
    public double NotToldLogOdds { get; init; }

    /// <summary>How many those are.</summary>
    public int FeaturesNotTold { get; init; }

    /// <summary>Probability of a customer of whom nothing is known, calibrated; null of a regression.</summary>
    public double? BaseProbability { get; init; }

    /// <summary>Probability from which this customer is flagged; null of a regression.</summary>
    public double? Threshold { get; init; }

    /// <summary>What would have to be otherwise; null where that was not asked.</summary>
    public CounterfactualReport? Counterfactual { get; init; }
}

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
        if (question.Counterfactual is { } otherwise)
            CounterfactualStep.Check(served.Model, otherwise);
        ReasonBook book = ModelReasons.BookOf(served.Model.Metadata, served.Plan, input.Reasons);
        return input.With(served, question.AsOf, context, (source, _, _) =>
        {
            (float[] row, float[] background) = context.Stages.Time("find", () => Find(source, question), _ => 1);
            CustomerExplanation why = context.Stages.Time("explain", () => Explain((served, book), source, question, (row, background)), _ => 1);
            return question.Counterfactual is not { } asked ? why
                : why with { Counterfactual = context.Stages.Time("counterfactual", () => CounterfactualStep.Run(served, row, asked, context.Cancellation), done => done.Boxes) };
        });
    }

    private static CustomerExplanation Explain((ServedModel Served, ReasonBook Book) what, IScoringSource source, CustomerQuestion question, (float[] Row, float[] Background) found)
    {
        (ServedModel served, ReasonBook book) = what;
        float[] row = found.Row, predicted = new float[1], margin = new float[1];
        served.Backend.Predict(row, predicted, margin);
        IPredictor predictor = served.Model.Predictor;
        // One row: the walks that need no tables.
        IExplainer explainer = found.Background.Length > 0 ? new InterventionalShap((TreeEnsemble)predictor, found.Background) : predictor.CreateExplainer();
        double[] effects = new double[row.Length];
        explainer.Explain(row, effects);
        RowReasons reasons = ReasonWriter.All(book, row, effects);
        IEnumerable<FeatureEffect> told = effects.Select((effect, i) => new FeatureEffect(source.Features[i].Name, ValueFormat.Text(source.Features[i], row[i]), effect)).Where((_, i) => book.FamilyOf(i) != ReasonBook.NotTold);
        if (reasons.FeaturesNotTold > 0)
            told = told.Append(new FeatureEffect(CustomerExplanation.NotTold, "", reasons.NotTold));
        bool isChurn = served.Model.Metadata.Task == ModelTask.Classification;
        return new CustomerExplanation(
            served.Model.Version, question.Customer, source.AsOf is { } asOf ? InstantText.Format(asOf) : null, predicted[0], predictor.Margin(row), explainer.ExpectedMargin,
            found.Background.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"taken from {found.Background.Length / row.Length:N0} other customers") : "averaged over the training rows",
            [.. told.OrderByDescending(effect => Math.Abs(effect.LogOdds)).ThenBy(effect => effect.Feature, StringComparer.Ordinal)],
            question.Pairs == 0 ? [] : [.. PairsOf((TreeEnsemble)predictor, book, row).Take(question.Pairs)])
        {
            Reasons = [.. reasons.Told.Select(reason => new ReasonEffect(reason.Family, reason.Sentence, reason.Contribution, reason.Members))],
            NotToldLogOdds = reasons.NotTold,
            FeaturesNotTold = reasons.FeaturesNotTold,
            BaseProbability = isChurn ? served.Model.Calibration.Probability(explainer.ExpectedMargin) : null,
            Threshold = isChurn ? new FlagRule(served.Model.Metadata).Of(row) : null,
        };
    }

    private static IEnumerable<PairEffect> PairsOf(TreeEnsemble trees, ReasonBook book, float[] row)
    {
        int count = row.Length;
        double[] values = new double[count * count];
        new ShapInteractions(trees).Explain(row, values);
        return Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(i + 1, count - i - 1).Where(j => book.FamilyOf(i) != ReasonBook.NotTold && book.FamilyOf(j) != ReasonBook.NotTold)
                .Select(j => new PairEffect(book.Features[i].Name, book.Features[j].Name, 2 * values[i * count + j])))
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
