using ChurnEngine.Bench.Accuracy;

namespace ChurnEngine.Bench.Tests.Accuracy;

public class AccuracyTests
{
    [Fact]
    public void Deal_AnyLabels_EachRepeatIsStratifiedAndItsOwn()
    {
        float[] labels = [.. Enumerable.Range(0, 1003).Select(row => row % 7 == 0 ? 1f : 0f)];
        float[][] folds = Folds.Deal(labels);
        Assert.Equal(Folds.Repeats, folds.Length);
        Assert.Distinct(folds.Select(of => string.Join(',', of)));
        Assert.Equal(folds, Folds.Deal(labels));
        foreach (float[] of in folds)
        {
            foreach (float label in (float[])[0, 1])
            {
                int[] sizes = [.. Enumerable.Range(0, Folds.Parts).Select(part => labels.Where((one, row) => one == label && of[row] == part).Count())];
                Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
            }
        }
    }

    [Fact]
    public void Difference_KnownSpread_IsWiderThanStudentsByTheOverlap()
    {
        double[] theirs = [.. Enumerable.Repeat(0.8, 25)], ours = [.. Enumerable.Range(0, 25).Select(i => 0.8 + 0.001 * (i % 5 - 1))];
        (double mean, double low, double high) = Folds.Difference(ours, theirs);
        Assert.Equal(0.001, mean, 12);
        // Variance 2.0833e-6 x (1/25 + 1/4), t(24) = 2.0639.
        Assert.Equal(2.0639 * Math.Sqrt(2.0833e-6 * 0.29), mean - low, 1e-6);
        Assert.Equal(mean - low, high - mean, 12);
    }

    [Fact]
    public void Holds_PeerBetterBeyondChance_Fails()
    {
        Assert.True(AccuracyCommand.Holds(Run(0.0005)));
        Assert.False(AccuracyCommand.Holds(Run(0.002)));
    }

    [Fact]
    public void Read_SmallTable_KeepsNumbersAndCodesTexts()
    {
        string folder = Directory.CreateTempSubdirectory("plain-table").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "t.csv"), "id;\"plan\";spend;gone\n1;\"b\";2.5;yes\n2;a; ;no\n3;?;-1;yes\n");
            TableRows rows = new PlainTable("t", "t.csv", ";", "gone", "yes", ["id"]).Read(folder);
            Assert.Equal(["plan", "spend"], rows.Names);
            Assert.Equal([true, false], rows.IsCategorical);
            Assert.Equal([1, 2.5f, 0, float.NaN, float.NaN, -1], rows.X);
            Assert.Equal([1, 0, 1], rows.Y);
            Assert.Contains("--data", Assert.Throws<BenchException>(() => PlainTable.All[0].Read(folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static AccuracyRun Run(double behind)
    {
        double[] Around(double mean) => [.. Enumerable.Range(0, 25).Select(i => mean + 1e-5 * (i % 3))];
        return new AccuracyRun("t", 1, 1, new Dictionary<string, double[]> { [AccuracyRun.Ours] = Around(0.8), ["xgboost"] = Around(0.8 + behind), ["sklearn"] = Around(0.79) });
    }
}
