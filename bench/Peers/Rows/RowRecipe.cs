using ChurnEngine.DataGen;

namespace ChurnEngine.Bench.Peers;

/// <summary>A distribution of rows with a known law of the label. Row i is a function of (seed, i): the same in any order and on any thread.</summary>
internal abstract class RowRecipe
{
    public abstract string Name { get; }

    /// <summary>[F] names, in column order.</summary>
    public abstract IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Share of positive rows that the intercept is set to.</summary>
    public abstract double PositiveShare { get; }

    public int FeatureCount => FeatureNames.Count;

    /// <summary>Writes one row.</summary>
    /// <param name="key">From <see cref="CounterRandom.CustomerKey"/>.</param>
    /// <param name="row">[F] values, NaN where missing.</param>
    /// <returns>Log-odds of the label, without the intercept.</returns>
    public abstract double Fill(ulong key, Span<float> row);
}

/// <summary>Rows and labels of a recipe, with the intercept that gives its share of positives.</summary>
internal sealed class LabelledRecipe
{
    // Keys of the rows that the intercept is found on: far from those of any data set.
    private const long CalibrationStart = 1L << 40;
    private const int CalibrationRows = 100_000;
    private readonly long _seed;

    public LabelledRecipe(RowRecipe recipe, long seed)
    {
        (Recipe, _seed) = (recipe, seed);
        double[] logOdds = new double[CalibrationRows];
        Parallel.For(0, CalibrationRows / 1000, block =>
        {
            float[] row = new float[recipe.FeatureCount];
            for (int i = block * 1000; i < (block + 1) * 1000; i++)
                logOdds[i] = recipe.Fill(CounterRandom.CustomerKey(seed, CalibrationStart + i), row);
        });
        Intercept = FindIntercept(logOdds, recipe.PositiveShare);
    }

    public RowRecipe Recipe { get; }

    public double Intercept { get; }

    /// <summary>Writes one row and draws its label, 0 or 1.</summary>
    public float Fill(long index, Span<float> row)
    {
        double probability = Sigmoid(LogOdds(index, row));
        return new CounterRandom(CounterRandom.CustomerKey(_seed, index), DrawPurpose.Churn).NextBool(probability) ? 1 : 0;
    }

    /// <summary>Writes one row; returns the log-odds that its label is drawn with.</summary>
    public double LogOdds(long index, Span<float> row) => Intercept + Recipe.Fill(CounterRandom.CustomerKey(_seed, index), row);

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double FindIntercept(double[] logOdds, double share)
    {
        double low = -30, high = 30;
        for (int step = 0; step < 60; step++)
        {
            double middle = (low + high) / 2;
            double mean = logOdds.Average(x => Sigmoid(middle + x));
            (low, high) = mean < share ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }
}
