using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Explain.Tests;

public class ReasonWriterTests
{
    [Fact]
    public void Choose_Raises_GroupsFamiliesAndRanksTheirSums()
    {
        // The play family: 0.5 - 0.1 + 0.3 = 0.7, spoken for by days_since_play.
        (int[] speakers, double[] sums) = Choose(new ReasonOptions { Count = 3 }, [0.5, -0.1, 0.3, 0.6, -0.9, 0.2]);
        Assert.Equal([0, 3, 5], speakers);
        Assert.Equal(0.7, sums[0], 1e-12);
    }

    [Fact]
    public void Choose_Lowers_NamesWhatHoldsTheRiskDown()
    {
        (int[] speakers, double[] sums) = Choose(new ReasonOptions { Direction = ReasonDirection.Lowers }, [0.5, -0.7, -0.3, 0.6, -0.9, 0.2]);
        Assert.Equal([4, 1], speakers);
        Assert.Equal(-0.5, sums[1], 1e-12);
    }

    [Fact]
    public void Choose_FamilyThatCancelsOut_IsNoReason() => Assert.Empty(Choose(new ReasonOptions(), [0.5, -0.5, -0.25, 0, -1, 0]).Speakers);

    [Fact]
    public void Choose_Ties_StayInFeatureOrder_AndCountLimits()
    {
        Assert.Equal([3, 4], Choose(new ReasonOptions { Count = 2 }, [0.1, 0.1, 0.1, 0.5, 0.5, 0.5]).Speakers);
        Assert.Equal([0], Choose(new ReasonOptions { Count = 1 }, [0.2, 0.2, 0.2, 0.5, 0.1, 0.1]).Speakers);
        Assert.Equal(4, Choose(new ReasonOptions { Count = 1000 }, [1, 1, 1, 1, 1, 1]).Speakers.Length);
    }

    [Fact]
    public void Choose_SensitiveFeature_IsNeverChosen_NorSpeaksForItsFamily()
    {
        ReasonBook book = ReasonBooks.Of(new ReasonRules { Sensitive = ["age", "plays_*"] });
        (int[] speakers, double[] sums) = Choose(new ReasonOptions(), [0.1, 5, 5, 0.6, 0.2, 9], book);
        Assert.Equal([3, 4, 0], speakers);
        Assert.Equal(0.1, sums[2]);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void All_ToldAndNotTold_AddUpToTheContributions(int seed)
    {
        var random = new Random(seed);
        ReasonBook book = ReasonBooks.Of(seed % 2 == 0 ? ReasonRules.Default : new ReasonRules { Sensitive = ["age", "plays_7d"], Families = [new("money", ["spend_*", "region"])] });
        for (int round = 0; round < 200; round++)
        {
            double[] contributions = [.. Enumerable.Range(0, 6).Select(_ => random.Next(4) == 0 ? 0 : random.NextDouble() - 0.5)];
            RowReasons reasons = ReasonWriter.All(book, ReasonBooks.Row, contributions);
            Assert.Equal(contributions.Sum(), reasons.Told.Sum(reason => reason.Contribution) + reasons.NotTold, 1e-12);
            Assert.Equal(seed % 2 == 0 ? 0 : 2, reasons.FeaturesNotTold);
            Assert.DoesNotContain(reasons.Told, reason => book.FamilyOf(reason.Feature) == ReasonBook.NotTold);
            Assert.Equal(reasons.Told.Select(reason => Math.Abs(reason.Contribution)).OrderDescending(), reasons.Told.Select(reason => Math.Abs(reason.Contribution)));
        }
    }

    [Theory]
    [InlineData(1f, "1 day"), InlineData(0f, "0 days"), InlineData(-1e-30f, "-1E-30 days"), InlineData(2.34567f, "2.346 days"), InlineData(0.00012345f, "0.000123 days")]
    [InlineData(1234567f, "1234567 days"), InlineData(float.NaN, "missing"), InlineData(-3.5f, "-3.5 days")]
    public void ValueFormat_Quantity_ReadsAsSaid(float value, string expected) => Assert.Equal(expected, ValueFormat.Text(ReasonBooks.Features[0], value));

    [Fact]
    public void ValueFormat_NegativeZero_IsZero() => Assert.Equal("0 days", ValueFormat.Text(ReasonBooks.Features[0], -0f));

    [Theory]
    [InlineData("EUR", 12.5f, "12.50 EUR"), InlineData("EUR", 12f, "12 EUR"), InlineData("share", 0.25f, "25%"), InlineData("share", 0.0005f, "0.05%"), InlineData("ratio", 0.25f, "0.25"), InlineData("EUR a month", 2.5f, "2.5 EUR a month")]
    public void ValueFormat_Unit_SaysHow(string unit, float value, string expected) => Assert.Equal(expected, ValueFormat.Text(new FeatureInfo { Name = "x", Unit = unit }, value));

    [Theory]
    [InlineData(0f, "north"), InlineData(7f, "7"), InlineData(-1f, "-1"), InlineData(0.5f, "0.5")]
    public void ValueFormat_Category_IsItsNameOrElseItsCode(float value, string expected) => Assert.Equal(expected, ValueFormat.Text(ReasonBooks.Features[3], value));

    [Fact]
    public void ChooseAndWrite_Warm_AllocateNothing()
    {
        ReasonBook book = ReasonBooks.Of();
        var writer = new ReasonWriter(book, new ReasonOptions());
        var text = new Utf8Text();
        int[] speakers = new int[3];
        double[] sums = new double[3], contributions = [0.5, -0.1, 0.3, 0.6, -0.9, 0.2];
        Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 100; round++)
            Once();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal([0, 3, 5], speakers);

        void Once()
        {
            int found = writer.Choose(contributions, speakers, sums);
            for (int i = 0; i < found; i++)
            {
                text.Clear();
                book.SentenceOf(speakers[i]).Write(text, ReasonBooks.Row[speakers[i]], ReasonDirection.Raises);
                ValueFormat.Write(text, book.Features[speakers[i]], ReasonBooks.Row[speakers[i]]);
                text.Append(12.34567f, "0.###");
            }
        }
    }

    [Fact]
    public void All_ContributionsOfTreeShap_NameTheSplitFeature()
    {
        var ensemble = new TreeEnsemble
        {
            FeatureCount = 6,
            BaseMargin = 0,
            Trees = [new DecisionTree { Feature = [5], Threshold = [40], LeftCategories = [null], MissingGoesLeft = [false], Left = [~0], Right = [~1], LeafValue = [-1, 1], LeafCover = [3, 1] }],
        };
        double[] contributions = new double[6];
        new TreeShap(ensemble).Explain(ReasonBooks.Row, contributions);
        Reason reason = Assert.Single(ReasonWriter.All(ReasonBooks.Of(), ReasonBooks.Row, contributions).Told);
        Assert.Equal(("age", "age is not known"), (reason.Family, reason.Sentence));
        Assert.Equal(1.5, reason.Contribution, 1e-12);
    }

    [Fact]
    public void ReasonWriter_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReasonWriter(ReasonBooks.Of(), new ReasonOptions { Count = 0 }));
        Assert.Throws<ArgumentException>(() => ReasonWriter.All(ReasonBooks.Of(), [1f], new double[6]));
        Assert.Throws<ArgumentException>(() => ReasonWriter.All(ReasonBooks.Of(), ReasonBooks.Row, new double[5]));
        Assert.Throws<ArgumentException>(() => new ReasonWriter(ReasonBooks.Of(), new ReasonOptions()).Choose(new double[5], new int[1], new double[1]));
    }

    private static (int[] Speakers, double[] Sums) Choose(ReasonOptions options, double[] contributions, ReasonBook? book = null)
    {
        int[] speakers = new int[Math.Min(options.Count, 10)];
        double[] sums = new double[speakers.Length];
        int found = new ReasonWriter(book ?? ReasonBooks.Of(), options).Choose(contributions, speakers, sums);
        return (speakers[..found], sums[..found]);
    }
}
