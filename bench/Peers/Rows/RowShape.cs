namespace ChurnEngine.Bench.Peers;

/// <summary>A named data set: recipe and size.</summary>
/// <param name="Name">As in <c>--shapes</c>, file names and results.</param>
/// <param name="Recipe">What the rows are like.</param>
/// <param name="TrainRows">Rows to learn from, the first of the recipe.</param>
/// <param name="TestRows">Rows to judge on, those that follow.</param>
internal sealed record RowShape(string Name, RowRecipe Recipe, int TrainRows, int TestRows)
{
    /// <summary>The sizes that results are published for.</summary>
    public static IReadOnlyList<RowShape> Full { get; } =
    [
        new("churn-100k", new ChurnRecipe(), 100_000, 100_000),
        new("churn-1m", new ChurnRecipe(), 1_000_000, 200_000),
        new("wide-200k", new WideRecipe(), 200_000, 100_000),
        new("dense-200k", new DenseRecipe(), 200_000, 100_000),
    ];

    /// <summary>The same shapes, small enough to see in a minute that all of it works; no claim rests on them.</summary>
    public static IReadOnlyList<RowShape> Quick { get; } =
    [
        new("churn-10k", new ChurnRecipe(), 10_000, 10_000),
        new("churn-40k", new ChurnRecipe(), 40_000, 10_000),
        new("wide-5k", new WideRecipe(), 5_000, 5_000),
        new("dense-10k", new DenseRecipe(), 10_000, 10_000),
    ];

    /// <summary>Few rows to learn from and many to predict.</summary>
    public static RowShape ManyToPredict(bool quick) => quick ? new("churn-20k-rows", new ChurnRecipe(), 10_000, 20_000) : new("churn-1m-rows", new ChurnRecipe(), 100_000, 1_000_000);

    public int FeatureCount => Recipe.FeatureCount;

    public override string ToString() => $"{Name} ({TrainRows:N0} x {FeatureCount}, test {TestRows:N0})";
}
