using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class ExactGreedyTests
{
    public static TheoryData<int, BoosterOptions> Cases()
    {
        var first = new BoosterOptions { Trees = 1, LearningRate = 0.3, MinRowsInLeaf = 3, Threads = 1, QuantizedGradients = false };
        BoosterOptions[] variants =
        [
            first,
            first with { MaxLeaves = 6 },
            first with { MaxLeaves = 6, Growth = GrowthPolicy.DepthWise },
            first with { MaxDepth = 3, Growth = GrowthPolicy.DepthWise },
            first with { MaxDepth = 2 },
            first with { L2 = 0, MinRowsInLeaf = 4, MinChildWeight = 0, MaxLeaves = 10 },
            first with { L1 = 1.5, L2 = 0.3, MaxDeltaStep = 0.4 },
            first with { MinGain = 2, MinChildWeight = 1.5 },
        ];
        var data = new TheoryData<int, BoosterOptions>();
        foreach (BoosterOptions options in variants)
        {
            for (int seed = 1; seed <= 8; seed++)
                data.Add(seed, options);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_SmallData_FirstTreeIsTheExactGreedyOne(int seed, BoosterOptions options)
    {
        (FeatureMatrix matrix, float[] labels) = Draw(seed);
        using (matrix)
        {
            DecisionTree tree = Booster.Fit(new LabelledRows(matrix, labels), null, options).Ensemble.Trees[0];
            List<GreedyLeaf> expected = new ExactGreedyTree(matrix, labels, options).Leaves(), actual = Leaves(tree, matrix);
            Assert.Equal(expected.Select(leaf => $"{leaf.Path}: {string.Join(' ', leaf.Rows)}"), actual.Select(leaf => $"{leaf.Path}: {string.Join(' ', leaf.Rows)}"));
            // The trainer rounds derivatives to float32.
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-6));
        }
    }

    [Fact]
    public void Fit_MissingRowsTellTheLabel_LearnsTheirSide()
    {
        // Missing behaves like large values in "up", like small ones in "down"; present values alone would not say so.
        float[] x = [.. Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? float.NaN : i)];
        float[] labels = [.. x.Select((value, i) => float.IsNaN(value) || value > 250 ? i % 10 == 0 ? 0f : 1f : i % 10 == 1 ? 1f : 0f)];
        using FeatureMatrix up = TestRows.Matrix((TestRows.Numeric("x"), x)), down = TestRows.Matrix((TestRows.Numeric("x"), [.. x.Select(value => -value)]));
        var options = new BoosterOptions { Trees = 1, MaxLeaves = 2 };
        Assert.False(Booster.Fit(new LabelledRows(up, labels), null, options).Ensemble.Trees[0].MissingGoesLeft[0]);
        Assert.True(Booster.Fit(new LabelledRows(down, labels), null, options).Ensemble.Trees[0].MissingGoesLeft[0]);
    }

    [Fact]
    public void Fit_NoMissingInTraining_SendsLaterOnesToTheLargerSide()
    {
        float[] x = [.. Enumerable.Range(0, 300).Select(i => (float)i)];
        foreach (int cut in (int[])[60, 240])
        {
            using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), x));
            DecisionTree tree = Booster.Fit(new LabelledRows(matrix, x.Select(value => value < cut ? 1f : 0f).ToArray()), null, new BoosterOptions { Trees = 1, MaxLeaves = 2 }).Ensemble.Trees[0];
            Assert.Equal(cut - 0.5f, tree.Threshold[0]);
            Assert.Equal(cut > 150, tree.MissingGoesLeft[0]);
            Assert.Equal([cut, 300 - cut], tree.LeafCover);
        }
    }

    private static List<GreedyLeaf> Leaves(DecisionTree tree, FeatureMatrix matrix)
    {
        var rows = Enumerable.Range(0, (int)matrix.RowCount).ToLookup(row => tree.FindLeaf(matrix.Row(row)));
        var leaves = new List<GreedyLeaf>();
        Walk(tree.NodeCount == 0 ? ~0 : 0, "");
        return [.. leaves.OrderBy(leaf => leaf.Path, StringComparer.Ordinal)];

        void Walk(int at, string path)
        {
            if (at < 0)
            {
                leaves.Add(new GreedyLeaf(path, [.. rows[~at].Order()], tree.LeafValue[~at]));
                return;
            }
            Walk(tree.Left[at], path + "L");
            Walk(tree.Right[at], path + "R");
        }
    }

    private static (FeatureMatrix Matrix, float[] Labels) Draw(int seed)
    {
        var random = new Random(seed);
        int rows = random.Next(60, 200);
        float[][] columns = [.. Enumerable.Range(0, 5).Select(feature => Enumerable.Range(0, rows).Select(_ => feature switch
        {
            0 => random.NextSingle(),
            1 => random.Next(5),
            2 => random.Next(3) == 0 ? float.NaN : random.NextSingle() - 0.5f,
            3 => random.Next(2) == 0 ? float.NaN : 1,
            _ => MathF.Exp(random.NextSingle() * 20),
        }).ToArray())];
        float[] labels = [.. Enumerable.Range(0, rows).Select(row =>
            random.NextDouble() < 0.15 + 0.3 * columns[0][row] + (columns[1][row] > 2 ? 0.3 : 0) + (float.IsNaN(columns[2][row]) ? 0.2 : 0) ? 1f : 0f)];
        // Names out of column order, so that a tie by name is not one by position.
        string[] names = ["d", "b", "e", "a", "c"];
        return (TestRows.Matrix([.. columns.Select((values, feature) => (TestRows.Numeric(names[feature]), values))]), labels);
    }
}
