namespace ChurnEngine.Models.Tests;

public class CompiledShapTests
{
    [Theory]
    [InlineData(1, 2, 2, 1), InlineData(2, 5, 12, 3), InlineData(3, 30, 31, 40), InlineData(4, 12, 64, 5), InlineData(5, 3, 200, 3), InlineData(6, 40, 31, 10), InlineData(7, 60, 255, 2)]
    public void Explain_AnyEnsembleAndLength_EqualsTreeShap(int seed, int features, int leaves, int trees)
    {
        var source = new RandomTrees(seed, features);
        TreeEnsemble ensemble = source.Ensemble(trees, leaves, emptyLeaves: seed % 2 == 0);
        IExplainer compiled = CompiledShap.For(ensemble);
        var definition = new TreeShap(ensemble);
        Assert.Equal(definition.ExpectedMargin, compiled.ExpectedMargin);
        foreach (int count in (int[])[0, 1, 2, 63, 64, 65, 255, 256, 257, 1023, 1024, 1025, 2100])
        {
            float[] rows = source.Rows(count);
            double[] expected = new double[rows.Length], actual = new double[rows.Length];
            definition.Explain(rows, expected);
            Array.Fill(actual, 9);
            compiled.Explain(rows, actual);
            for (int i = 0; i < rows.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) < 1e-11, $"seed {seed}, {count} rows, value {i}: {expected[i]:R} and {actual[i]:R}");
        }
    }

    [Fact]
    public void Explain_ThousandsOfRows_AddsUpToTheMargin()
    {
        var source = new RandomTrees(11, 30);
        TreeEnsemble ensemble = source.Ensemble(200, 31);
        float[] rows = source.Rows(5000);
        double[] contributions = new double[rows.Length], margins = new double[5000];
        IExplainer shap = CompiledShap.For(ensemble);
        shap.Explain(rows, contributions);
        ensemble.Margins(rows, margins);
        for (int row = 0; row < margins.Length; row++)
            Assert.Equal(margins[row], shap.ExpectedMargin + contributions.AsSpan(row * 30, 30).ToArray().Sum(), 1e-9);
    }

    // One leaf at each level: paths of up to forty features, which have no table.
    [Fact]
    public void Explain_PathsTooLongForTables_AreWalked()
    {
        TreeEnsemble chain = Chain(60, 40), mixed = new() { FeatureCount = 40, BaseMargin = 0.5, Trees = [Chain(5, 40).Trees[0], chain.Trees[0], Chain(9, 40).Trees[0]] };
        var random = new Random(3);
        float[] rows = [.. Enumerable.Range(0, 40 * 300).Select(_ => random.NextSingle() * 0.8f)];
        double[] expected = new double[rows.Length], actual = new double[rows.Length];
        new TreeShap(mixed).Explain(rows, expected);
        CompiledShap.For(mixed).Explain(rows, actual);
        for (int i = 0; i < rows.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-11);
    }

    [Fact]
    public void Explain_AgainAndInThreads_IsTheSameAndAllocatesNothing()
    {
        var source = new RandomTrees(5, 12);
        IExplainer shap = CompiledShap.For(source.Ensemble(20, 16));
        float[] rows = source.Rows(700);
        double[] expected = new double[rows.Length], one = new double[12];
        shap.Explain(rows, expected);
        long before = GC.GetAllocatedBytesForCurrentThread();
        shap.Explain(rows, expected);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 256, "more than the bag's own node was allocated");
        Parallel.For(0, 16, _ =>
        {
            double[] actual = new double[rows.Length];
            shap.Explain(rows, actual);
            Assert.Equal(expected, actual);
        });
        // A row's values do not depend on the rows beside it.
        for (int row = 0; row < 700; row += 97)
        {
            shap.Explain(rows.AsSpan(row * 12, 12), one);
            Assert.Equal(expected[(row * 12)..(row * 12 + 12)], one);
        }
    }

    [Theory]
    [InlineData(1, 2, 2), InlineData(2, 3, 5), InlineData(3, 5, 8), InlineData(4, 6, 20), InlineData(5, 2, 12)]
    public void Interventional_SmallTrees_EqualsBruteForceShapley(int seed, int features, int leaves)
    {
        var source = new RandomTrees(seed, features);
        TreeEnsemble ensemble = source.Ensemble(3, leaves);
        float[] background = source.Rows(7), rows = source.Rows(25);
        double[] walked = new double[rows.Length], compiled = new double[rows.Length];
        var definition = new InterventionalShap(ensemble, background);
        definition.Explain(rows, walked);
        var fast = CompiledShap.Interventional(ensemble, background);
        fast.Explain(rows, compiled);
        for (int row = 0; row < 25; row++)
        {
            float[] values = rows[(row * features)..((row + 1) * features)];
            double[] expected = BruteForceShapley.Of(features, known => Worth(ensemble, values, background, known), out double nothingKnown);
            Assert.Equal(nothingKnown, definition.ExpectedMargin, 1e-12);
            Assert.Equal(nothingKnown, fast.ExpectedMargin, 1e-12);
            for (int feature = 0; feature < features; feature++)
            {
                Assert.Equal(expected[feature], walked[row * features + feature], 1e-11);
                Assert.Equal(expected[feature], compiled[row * features + feature], 1e-11);
            }
        }
    }

    [Fact]
    public void Interventional_PathsTooLongForTables_AreWalked()
    {
        TreeEnsemble chain = Chain(30, 20);
        var random = new Random(4);
        float[] background = [.. Enumerable.Range(0, 20 * 5).Select(_ => random.NextSingle())], rows = [.. Enumerable.Range(0, 20 * 10).Select(_ => random.NextSingle())];
        double[] contributions = new double[rows.Length];
        var shap = CompiledShap.Interventional(chain, background);
        shap.Explain(rows, contributions);
        for (int row = 0; row < 10; row++)
            Assert.Equal(chain.Margin(rows.AsSpan(row * 20, 20)), shap.ExpectedMargin + contributions.AsSpan(row * 20, 20).ToArray().Sum(), 1e-9);
    }

    [Fact]
    public void Interventional_NoWholeRow_Throws()
    {
        TreeEnsemble ensemble = new RandomTrees(1, 3).Ensemble(1, 4);
        foreach (int length in (int[])[0, 2, 4])
            Assert.Throws<ArgumentException>(() => CompiledShap.Interventional(ensemble, new float[length]));
    }

    [Theory]
    [InlineData(1, 2, 2), InlineData(2, 3, 5), InlineData(3, 5, 8), InlineData(4, 6, 20)]
    public void Interactions_SmallTrees_EqualBruteForce(int seed, int features, int leaves)
    {
        var source = new RandomTrees(seed, features);
        TreeEnsemble ensemble = source.Ensemble(3, leaves, emptyLeaves: seed == 3);
        var interactions = new ShapInteractions(ensemble);
        double[] values = new double[features * features], alone = new double[features];
        for (int row = 0; row < 15; row++)
        {
            float[] x = source.Rows(1);
            interactions.Explain(x, values);
            new TreeShap(ensemble).Explain(x, alone);
            for (int i = 0; i < features; i++)
            {
                Assert.Equal(alone[i], values.AsSpan(i * features, features).ToArray().Sum(), 1e-11);
                for (int j = 0; j < features; j++)
                {
                    if (i != j)
                        Assert.Equal(BruteForceShapley.Interaction(ensemble, x, i, j), values[i * features + j], 1e-11);
                }
            }
        }
    }

    private static double Worth(TreeEnsemble ensemble, float[] row, float[] background, int known)
    {
        int features = row.Length;
        return Enumerable.Range(0, background.Length / features)
            .Average(other => ensemble.Margin([.. Enumerable.Range(0, features).Select(feature => (known >> feature & 1) != 0 ? row[feature] : background[other * features + feature])]));
    }

    private static TreeEnsemble Chain(int splits, int features)
    {
        int[] feature = [.. Enumerable.Range(0, splits).Select(i => i % features)];
        var tree = new DecisionTree
        {
            Feature = feature,
            Threshold = [.. feature.Select(f => 0.9f - f * 0.01f)],
            LeftCategories = new CategorySet?[splits],
            MissingGoesLeft = new bool[splits],
            Left = [.. Enumerable.Range(0, splits).Select(i => i + 1 < splits ? i + 1 : ~splits)],
            Right = [.. Enumerable.Range(0, splits).Select(i => ~i)],
            LeafValue = [.. Enumerable.Range(0, splits + 1).Select(i => Math.Sin(i))],
            LeafCover = [.. Enumerable.Range(0, splits + 1).Select(i => 1e6 * Math.Pow(0.9, i))],
        };
        return new TreeEnsemble { FeatureCount = features, BaseMargin = 0, Trees = [tree] };
    }
}
