using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public class BinnedMatrixTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(63, true)]
    [InlineData(1025, false)]
    [InlineData(20_000, true)]
    public unsafe void Build_AnyRows_HoldsTheBinOfEveryValue(int rows, bool byColumn)
    {
        (LabelledRows data, _) = TestRows.Churn(rows, seed: 3);
        using FeatureMatrix matrix = data.Matrix;
        using var team = new WorkTeam(3, CancellationToken.None);
        var bins = FeatureBins.Fit(matrix, 255, 0, team);
        using var binned = BinnedMatrix.Build(matrix, bins, byColumn, team);
        for (int feature = 0; feature < matrix.FeatureCount; feature++)
        {
            int bundle = bins.Bundles.BundleOf[feature], member = bins.Bundles.MemberOf[feature];
            Assert.Equal(bins.Mappers[feature].IsUsable, bundle >= 0);
            for (int row = 0; bundle >= 0 && row < rows; row++)
            {
                byte code = binned.Row(row)[bundle];
                Assert.Equal(bins.Mappers[feature].BinOf(matrix.Row(row)[feature]), bins.Bundles.Bundles[bundle].BinOf(member, code));
                Assert.True(!byColumn || code == binned.Column(bundle)[row]);
            }
        }
    }

    [Fact]
    public void Fit_MoreRowsThanTheSample_PlacesEdgesNearTheQuantiles()
    {
        const int Rows = 600_000;
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), [.. Enumerable.Range(0, Rows).Select(i => (float)((long)i * 7919 % Rows))]));
        float[] edges = FeatureBins.Fit(matrix, 100, seed: 5, TestRows.OneThread).Mappers[0].UpperEdges;
        Assert.Equal(100, edges.Length);
        for (int bin = 0; bin < 99; bin++)
            Assert.InRange(edges[bin] / Rows, (bin + 1) / 100.0 - 0.005, (bin + 1) / 100.0 + 0.005);
    }
}
