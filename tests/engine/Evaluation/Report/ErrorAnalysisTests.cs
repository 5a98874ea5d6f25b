using ChurnEngine.Columns;

namespace ChurnEngine.Evaluation.Tests.Report;

public class ErrorAnalysisTests
{
    private static readonly FeatureInfo[] s_features =
    [
        new() { Name = "same" },
        new() { Name = "tenure" },
        new() { Name = "plan", Kind = FeatureKind.Categorical, Categories = ["basic", "premium"] },
        new() { Name = "seen" },
    ];

    [Fact]
    public void Of_ErrorsThatDiffer_NamesWhatTheyHaveInCommon()
    {
        // Of those who stayed the flagged are new; of those who left the missed are premium and their last feature is missing.
        using FeatureMatrix matrix = Rows(400, out float[] labels, out bool[] flagged);
        ErrorAnalysis analysis = ErrorAnalysis.Of(matrix, labels, flagged);
        Assert.Equal((labels.Where((label, row) => label == 0 && flagged[row]).Count(), labels.Where((label, row) => label == 1 && !flagged[row]).Count()), ((int)analysis.FalsePositives, (int)analysis.FalseNegatives));
        ErrorTrait tenure = analysis.OfFalsePositives[0];
        Assert.Equal(("tenure", "", 2.0, 10.0), (tenure.Feature, tenure.Level, Math.Round(tenure.Wrong), Math.Round(tenure.Right)));
        Assert.True(tenure.Difference < -1);
        Assert.Contains(analysis.OfFalseNegatives.Take(2), trait => trait is { Feature: "plan", Difference: > 0, Level: "premium", Wrong: 1, Right: 0 } or { Feature: "plan", Level: "basic", Difference: < 0 });
        Assert.Contains(analysis.OfFalseNegatives.Take(2), trait => trait is { Feature: "seen", Level: ErrorAnalysis.Missing, Wrong: 1, Right: 0 });
        Assert.DoesNotContain(analysis.OfFalsePositives.Concat(analysis.OfFalseNegatives), trait => trait.Feature == "same" || !double.IsFinite(trait.Difference));
        Assert.Single(ErrorAnalysis.Of(matrix, labels, flagged, most: 1).OfFalseNegatives);
    }

    [Fact]
    public void Of_FewErrors_SaysNothing()
    {
        using FeatureMatrix matrix = Rows(40, out float[] labels, out bool[] flagged);
        ErrorAnalysis analysis = ErrorAnalysis.Of(matrix, labels, flagged);
        Assert.Empty(analysis.OfFalsePositives);
        Assert.Empty(analysis.OfFalseNegatives);
        Assert.Throws<ArgumentException>(() => ErrorAnalysis.Of(matrix, labels, new bool[3]));
    }

    [Fact]
    public void BestSingleFeature_NumberOrCategory_IsFoundInItsDirection()
    {
        using FeatureMatrix matrix = Rows(400, out float[] labels, out _);
        SingleFeatureRule best = SingleFeatureRule.Best(matrix, labels)!;
        Assert.InRange(best.Auc, 0.5, 1);
        Assert.Equal(best.Auc, RocAuc.Compute(best.Scores, labels));
        Assert.NotEqual("same", best.Feature);
    }

    [Fact]
    public void CutCurve_Random_EndsWhereAllAreFlagged_AndItsPointsAreCounts()
    {
        (float[] scores, float[] labels) = Samples.Draw(3, 5000, 0);
        CutCurve curve = CutCurve.Of(scores, labels, 100);
        Assert.InRange(curve.Points.Count, 60, 110);
        Assert.Equal((0L, 0L), (curve.Points[0].Flagged, curve.Points[0].TruePositives));
        Assert.Equal((5000L, curve.Positives), (curve.Points[^1].Flagged, curve.Points[^1].TruePositives));
        Assert.All(curve.Points.Skip(1), point => Assert.Equal(Confusion.At(scores, labels, point.Threshold), new Confusion(point.TruePositives, point.Flagged - point.TruePositives, curve.Positives - point.TruePositives, 5000 - curve.Positives - point.Flagged + point.TruePositives)));
        double area = curve.Points.Zip(curve.Points.Skip(1), (a, b) => (b.Flagged - b.TruePositives - a.Flagged + a.TruePositives) * (a.TruePositives + b.TruePositives) / 2.0).Sum() / ((double)curve.Positives * (5000 - curve.Positives));
        Assert.Equal(RocAuc.Compute(scores, labels), area, 0.002);
    }

    [Fact]
    public void Histogram_AllRows_AreCounted()
    {
        ScoreHistogram histogram = ScoreHistogram.Of([0, 0.49f, 0.5f, 1], [0, 1, 1, 0], 2);
        Assert.Equal([1, 1], histogram.Negatives);
        Assert.Equal([1, 1], histogram.Positives);
    }

    private static FeatureMatrix Rows(int count, out float[] labels, out bool[] flagged)
    {
        var random = new Random(5);
        FeatureMatrix matrix = FeatureMatrix.Allocate(s_features, count);
        (labels, flagged) = (new float[count], new bool[count]);
        for (int row = 0; row < count; row++)
        {
            labels[row] = row % 2;
            flagged[row] = row % 4 >= 2;
            bool falseAlarm = labels[row] == 0 && flagged[row], missed = labels[row] == 1 && !flagged[row];
            Span<float> values = matrix.Row(row);
            values[0] = 7;
            values[1] = (falseAlarm ? 2 : 10) + (float)random.NextDouble() - 0.5f;
            values[2] = missed ? 1 : 0;
            values[3] = missed ? float.NaN : (float)random.NextDouble();
        }
        return matrix;
    }
}
