using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The rows of one fit, with the features that were chosen and the classes evened out. Owns what it copied; dispose it once.</summary>
internal sealed class Preparation : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    private Preparation(LabelledRows train) => Train = train;

    /// <summary>Rows to learn from.</summary>
    public LabelledRows Train { get; private set; }

    /// <summary>Rows to stop on, weighed as those that train; null where nothing stops.</summary>
    public LabelledRows? Stop { get; private set; }

    /// <summary>The rows to stop on, as the customers are.</summary>
    public LabelledRows? Judge { get; private set; }

    /// <summary>Prepares rows.</summary>
    /// <param name="train">Rows to learn from, and what goes with them.</param>
    /// <param name="stop">Rows to stop on; never resampled.</param>
    /// <param name="columns">Features to keep; null for all.</param>
    /// <param name="imbalance">How classes are evened out, or customers weighed; null: not at all.</param>
    public static Preparation Of((LabelledRows Rows, IDisposable? Owned) train, LabelledRows? stop, int[]? columns, Imbalance? imbalance)
    {
        var result = new Preparation(train.Rows);
        try
        {
            if (train.Owned is not null)
                result._owned.Add(train.Owned);
            EvenRows even = imbalance?.Apply(train.Rows, stop) ?? new EvenRows(train.Rows, stop, null);
            if (even.Owned is not null)
                result._owned.Add(even.Owned);
            result.Train = result.Take(even.Train, columns);
            result.Judge = stop is null ? null : result.Take(stop, columns);
            // The same values under other weights.
            result.Stop = even.Stop is null ? null : even.Stop with { Matrix = result.Judge!.Matrix };
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The same for rows that belong to the caller.</summary>
    public static Preparation Of(LabelledRows train, LabelledRows? stop, int[]? columns, Imbalance? imbalance) => Of((train, null), stop, columns, imbalance);

    public void Dispose()
    {
        foreach (IDisposable one in _owned)
            one.Dispose();
    }

    private LabelledRows Take(LabelledRows rows, int[]? columns)
    {
        if (columns is null || columns.Length == rows.Matrix.FeatureCount)
            return rows;
        FeatureMatrix taken = FeatureMatrix.Allocate([.. columns.Select(column => rows.Matrix.Features[column])], rows.Matrix.RowCount);
        _owned.Add(taken);
        for (long row = 0; row < taken.RowCount; row++)
        {
            ReadOnlySpan<float> from = rows.Matrix.Row(row);
            Span<float> to = taken.Row(row);
            for (int i = 0; i < columns.Length; i++)
                to[i] = from[columns[i]];
        }
        return rows with { Matrix = taken };
    }
}
