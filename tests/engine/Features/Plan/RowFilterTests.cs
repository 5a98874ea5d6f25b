using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

public class RowFilterTests
{
    private static readonly FeatureInfo[] s_features =
    [
        new() { Name = "tenure" },
        new() { Name = "Monthly Charges" },
        new() { Name = "plan", Kind = FeatureKind.Categorical, Categories = ["free", "paid", "paid plus"] },
        new() { Name = "plan_age" },
        new() { Name = "margin" },
    ];

    // tenure, charges, plan, plan_age, a feature that a score hides, probability, margin
    private static readonly float[][] s_rows =
    [
        [3, 20, 0, 1, 9, 0.2f, -1.4f],
        [4, 70, 1, 2, 9, 0.5f, 0],
        [float.NaN, 90, 2, 3, 9, 0.9f, 2.2f],
        [40, float.NaN, float.NaN, 4, 9, 0.3f, -0.8f],
    ];

    [Theory]
    [InlineData("tenure > 3", "1 3")]
    [InlineData("not tenure > 3", "0")]
    [InlineData("probability >= 0.5 and tenure > 3", "1")]
    [InlineData("probability >= 0.5 or tenure > 30", "1 2 3")]
    [InlineData("tenure > 30 or probability > 0.8 and plan = free", "3")]
    [InlineData("(tenure > 30 or probability > 0.8) and plan = free", "")]
    [InlineData("PROBABILITY >= 0.5", null)]
    [InlineData("margin < 0", "0 3")]
    [InlineData("\"Monthly Charges\" * 2 >= 140", "1 2")]
    [InlineData("plan = free", "0")]
    [InlineData("plan != free", "1 2")]
    [InlineData("plan in (free, 'paid plus')", "0 2")]
    [InlineData("plan not in (free, \"paid plus\")", "1")]
    [InlineData("not plan = free", "1 2")]
    [InlineData("plan_age >= 3", "2 3")]
    [InlineData("coalesce(tenure, 100) > 30", "2 3")]
    [InlineData("if(probability > 0.4, tenure, 0) >= 4", "1")]
    [InlineData("tenure > 0 and not (plan = free or plan_age = 2)", "")]
    [InlineData("tenure > 0 or not (plan = free or plan_age = 2)", "0 1 2 3")]
    [InlineData("not not (plan_age = 2 OR Plan_age = 1)", null)]
    [InlineData("0 < 1", "0 1 2 3")]
    [InlineData("1", "0 1 2 3")]
    [InlineData("tenure - 4", "3")]
    public void Select_Condition_TakesTheRowsForWhichItIsTrue(string text, string? expected)
    {
        if (expected is null)
        {
            Assert.Equal("CE3002", Assert.Throws<ChurnConfigException>(() => Parse(text)).Code.ToString());
            return;
        }
        using FeatureMatrix matrix = FeatureMatrix.Allocate(s_features, s_rows.Length);
        for (int row = 0; row < s_rows.Length; row++)
            s_rows[row].AsSpan(0, s_features.Length).CopyTo(matrix.Row(row));
        int[] taken = Parse(text).Select(matrix, [.. s_rows.Select(row => row[5])], [.. s_rows.Select(row => row[6])]);
        Assert.Equal(expected, string.Join(' ', taken));
        // The one text for all ways to write it means the same.
        Assert.Equal(taken, Parse(Parse(text).Canonical).Select(matrix, [.. s_rows.Select(row => row[5])], [.. s_rows.Select(row => row[6])]));
        Assert.Equal(Parse(text).Canonical, Parse(Parse(text).Canonical).Canonical);
    }

    [Theory]
    [InlineData("", "CE3001", "missing at the end")]
    [InlineData("tenure >", "CE3001", "missing at the end")]
    [InlineData("tenure > 3 and", "CE3001", "missing at the end")]
    [InlineData("tenure > 3 probability < 1", "CE3001", "left over")]
    [InlineData("(tenure > 3", "CE3001", "expected ')'")]
    [InlineData("tenur > 3", "CE3002", "'tenur'")]
    [InlineData("plan > 3", "CE3001", "holds texts")]
    [InlineData("tenure + plan > 3", "CE3001", "holds texts")]
    [InlineData("plan = gold", "CE3002", "'gold'")]
    [InlineData("plan in ()", "CE3001", "a value is missing")]
    [InlineData("plan in (free", "CE3001", "expected ')'")]
    [InlineData("plan = 'free", "CE3001", "not closed")]
    public void Parse_Nonsense_SaysWhereAndWhat(string text, string code, string said)
    {
        var error = Assert.Throws<ChurnConfigException>(() => Parse(text));
        Assert.Equal(code, error.Code.ToString());
        Assert.StartsWith("--where: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void Parse_UnknownName_SuggestsTheNearest()
    {
        Assert.Contains("'tenure'", Assert.Throws<ChurnConfigException>(() => Parse("tenur > 3")).Hint, StringComparison.Ordinal);
        Assert.Contains("'plan'", Assert.Throws<ChurnConfigException>(() => Parse("plann = free")).Hint, StringComparison.Ordinal);
        Assert.Contains("'probability'", Assert.Throws<ChurnConfigException>(() => Parse("probabilty > 0.5")).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EndlessText_IsRefused()
    {
        var error = Assert.Throws<ChurnConfigException>(() => Parse(string.Join(" and ", Enumerable.Repeat("tenure > 3", 5000))));
        Assert.Equal("CE3001", error.Code.ToString());
        // As deep as it may be, it is still computed.
        Assert.NotEmpty(Parse(string.Concat(Enumerable.Repeat("tenure+", 1400)) + "1").Canonical);
    }

    [Fact]
    public void Select_ManyRows_AllocatesNothingARow()
    {
        RowFilter filter = Parse("probability >= 0.5 and (plan = free or coalesce(tenure, 0) > 3)");
        using FeatureMatrix matrix = FeatureMatrix.Allocate(s_features, 20_000);
        float[] scores = new float[20_000];
        for (int row = 0; row < 20_000; row++)
            matrix.Row(row).Clear();
        filter.Select(matrix, scores, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        filter.Select(matrix, scores, scores);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000 * sizeof(int) + 1000);
    }

    private static RowFilter Parse(string text) => RowFilter.Parse(text, "--where", s_features, ["probability", "margin"]);
}
