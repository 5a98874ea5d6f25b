using ChurnEngine.Columns;

namespace ChurnEngine.Models.Tests;

public sealed class GoldenChoiceTests
{
    [Fact]
    public void Choose_NoRows_GivesTheRowWhereAllIsMissing() => Assert.Equal([float.NaN, float.NaN], GoldenChoice.Choose([], 2));

    [Fact]
    public void Choose_ManyRows_KeepsSixtyFourAtMostInTheirOrder()
    {
        float[] rows = [.. Enumerable.Range(0, 100_000).Select(i => (float)i)];
        float[] golden = GoldenChoice.Choose(rows, 1);
        Assert.InRange(golden.Length, 40, GoldenChoice.MaxRows);
        Assert.True(float.IsNaN(golden[0]));
        Assert.Equal(golden[1..].Order(), golden[1..]);
    }

    [Fact]
    public void Choose_FewRowsWithMissing_TakesOneForEachFeature()
    {
        const int Width = 3;
        float[] rows = new float[3000 * Width];
        rows[(1001 * Width) + 0] = float.NaN;
        rows[(1501 * Width) + 2] = float.NaN;
        rows[(2001 * Width) + 2] = float.NaN;
        float[] golden = GoldenChoice.Choose(rows, Width);
        int Missing(int feature) => golden.Where((value, i) => i >= Width && i % Width == feature && float.IsNaN(value)).Count();
        Assert.Equal([1, 0, 1], [Missing(0), Missing(1), Missing(2)]);
    }

    [Fact]
    public void Thin_LargeMatrix_TakesEvenlySpacedRows()
    {
        using FeatureMatrix matrix = FeatureMatrix.Allocate([new FeatureInfo { Name = "x" }], 40_000);
        for (int row = 0; row < 40_000; row++)
            matrix.Row(row)[0] = row;
        float[] thin = GoldenChoice.Thin(matrix);
        Assert.Equal(16_384, thin.Length);
        Assert.Equal(0, thin[0]);
        Assert.InRange(thin[^1], 39_990, 39_999);
    }
}
