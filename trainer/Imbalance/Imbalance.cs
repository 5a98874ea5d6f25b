using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>What is done about a rare class, or about customers of unequal worth.</summary>
public enum ImbalanceMethod
{
    /// <summary>Leaves out some of the others at random.</summary>
    Undersample,
    /// <summary>Makes more of the rare class, between neighbours: SMOTE, and SMOTE-NC where there are categories.</summary>
    Smote,
    /// <summary>Weighs each customer by a feature, such as what they spend.</summary>
    Cost,
}

/// <summary>Evens out the classes of training rows, or weighs them. Rows to stop on, to calibrate and to test on stay the customers that they are.</summary>
/// <remarks>Rows to stop on are weighed so that their classes have the odds of those trained on; else the trees of best loss would be those that undo the change.
/// The odds that a model then says are those of the changed rows: probabilities become the customers' own when it is calibrated, which is always done on rows as they are.
/// Source: Chawla et al. 2002 (SMOTE, SMOTE-NC); Elkan 2001 (costs).</remarks>
public sealed record Imbalance
{
    /// <summary>What is done.</summary>
    public ImbalanceMethod Method { get; init; }

    /// <summary>Rows of class 1 for each of class 0 afterwards, above 0 up to 1; of undersampling and SMOTE. Rows that have it already are left alone.</summary>
    public double Ratio { get; init; } = 0.5;

    /// <summary>Neighbours that a made row may lie between, 1 and up; of SMOTE.</summary>
    public int Neighbours { get; init; } = 5;

    /// <summary>Most rows that are made, 0 and up; of SMOTE.</summary>
    public int MostRows { get; init; } = 100_000;

    /// <summary>Feature that customers are weighed by; of cost. Below 0 counts as 0, and a missing value as the mean.</summary>
    public string Column { get; init; } = "";

    /// <summary>Key of every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The method as text: what makes one search another.</summary>
    public override string ToString() => Method switch
    {
        ImbalanceMethod.Cost => $"cost by {Column}",
        ImbalanceMethod.Smote => string.Create(CultureInfo.InvariantCulture, $"smote, ratio {Ratio}, {Neighbours} neighbours, at most {MostRows} rows, seed {Seed}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"undersample, ratio {Ratio}, seed {Seed}"),
    };

    /// <summary>Changes the rows of one fold.</summary>
    /// <param name="train">Rows with 0/1 labels; untouched, what is changed is a copy.</param>
    /// <param name="stop">Rows to stop on; null for none. Their weights change, and nothing else.</param>
    /// <remarks>Memory: the rows that remain or are made. Errors: CE4034 and CE4035 of cost.</remarks>
    internal EvenRows Apply(LabelledRows train, LabelledRows? stop) => Method switch
    {
        ImbalanceMethod.Cost => Weigh(train, stop),
        ImbalanceMethod.Smote => Smote.Apply(this, train, stop),
        _ => Undersample(train, stop),
    };

    /// <summary>Rows to stop on with either class weighed by a factor.</summary>
    internal static LabelledRows? WithOdds(LabelledRows? rows, double negatives, double positives) => rows is null ? null : ClassWeights.Apply(rows, (negatives, positives));

    private EvenRows Undersample(LabelledRows train, LabelledRows? stop)
    {
        const ulong Stream = 0x554E4445;
        (int negatives, int positives) = Count(train);
        double share = positives / (Ratio * Math.Max(1, negatives));
        if (share >= 1)
            return new EvenRows(train, stop, null);
        int[] kept = [.. Enumerable.Range(0, train.Labels.Length).Where(row => train.Labels.Span[row] == 1 || KeyedRandom.Unit(Seed, Stream, (ulong)row) < share)];
        LabelledRows rows = train.Gather(kept);
        return new EvenRows(rows, WithOdds(stop, share, 1), rows.Matrix);
    }

    private EvenRows Weigh(LabelledRows train, LabelledRows? stop)
    {
        int column = train.Matrix.Features.ToList().FindIndex(feature => feature.Name == Column && feature.Kind == FeatureKind.Numeric);
        if (column < 0)
            throw TuningErrors.NoWeightColumn(Column, train.Matrix.Features.Where(feature => feature.Kind == FeatureKind.Numeric).Select(feature => feature.Name));
        double sum = 0;
        long known = 0;
        for (long row = 0; row < train.Matrix.RowCount; row++)
        {
            float value = train.Matrix.Row(row)[column];
            if (!float.IsFinite(value))
                continue;
            sum += Math.Max(0, value);
            known++;
        }
        if (sum <= 0)
            throw TuningErrors.NoPositiveWeight(Column);
        double mean = sum / known;
        return new EvenRows(Weighed(train), stop is null ? null : Weighed(stop), null);

        LabelledRows Weighed(LabelledRows rows)
        {
            float[] weights = new float[rows.Labels.Length];
            for (int row = 0; row < weights.Length; row++)
            {
                float value = rows.Matrix.Row(row)[column];
                weights[row] = (float)((float.IsFinite(value) ? Math.Max(0, value) / mean : 1) * (rows.Weights.IsEmpty ? 1 : rows.Weights.Span[row]));
            }
            return rows with { Weights = weights };
        }
    }

    /// <summary>Rows of class 0 and of class 1.</summary>
    internal static (int Negatives, int Positives) Count(LabelledRows rows)
    {
        int positives = 0;
        foreach (float label in rows.Labels.Span)
            positives += label == 1 ? 1 : 0;
        return (rows.Labels.Length - positives, positives);
    }
}

/// <summary>Rows whose classes were evened out.</summary>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Stop">Rows to stop on, weighed alike; null for none.</param>
/// <param name="Owned">The matrix of <paramref name="Train"/> where it is a copy; null where it is not.</param>
internal sealed record EvenRows(LabelledRows Train, LabelledRows? Stop, IDisposable? Owned);
