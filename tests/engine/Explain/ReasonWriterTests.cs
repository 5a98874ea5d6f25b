using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Explain.Tests;

public class ReasonWriterTests
{
    private static readonly FeatureInfo[] Features =
    [
        new() { Name = "days_since_play", Unit = "days", Family = "play" },
        new() { Name = "plays_7d", Unit = "count", Family = "play" },
        new() { Name = "plays_30d", Unit = "count", Family = "play" },
        new() { Name = "region", Kind = FeatureKind.Categorical, Categories = ["north", "south, coast"] },
        new() { Name = "spend_30d", Unit = "EUR" },
        new() { Name = "age", Unit = "years" },
    ];

    private static readonly float[] Row = [23, 0, 2, 1, 12.5f, float.NaN];

    [Fact]
    public void Write_Raises_GroupsFamiliesAndRanksTheirSums()
    {
        // The play family: 0.5 - 0.1 + 0.3 = 0.7, spoken for by days_since_play.
        IReadOnlyList<Reason> reasons = Write(new ReasonOptions { Count = 3 }, [0.5, -0.1, 0.3, 0.6, -0.9, 0.2]);
        Assert.Equal(
            ["days_since_play = 23 days (raises risk)", "region = south, coast (raises risk)", "age is missing (raises risk)"],
            reasons.Select(r => r.Sentence));
        Assert.Equal(0.7, reasons[0].Contribution, 1e-12);
        Assert.Equal("missing", reasons[2].ValueText);
    }

    [Fact]
    public void Write_Lowers_NamesWhatHoldsTheRiskDown()
    {
        IReadOnlyList<Reason> reasons = Write(new ReasonOptions { Direction = ReasonDirection.Lowers }, [0.5, -0.7, -0.3, 0.6, -0.9, 0.2]);
        Assert.Equal(["spend_30d = 12.5 EUR (lowers risk)", "plays_7d = 0 (lowers risk)"], reasons.Select(r => r.Sentence));
        Assert.Equal(-0.5, reasons[1].Contribution, 1e-12);
        Assert.Equal("spend_30d = 12.5 EUR (lowers risk); plays_7d = 0 (lowers risk)", Reason.Join(reasons));
    }

    [Fact]
    public void Write_FamilyThatCancelsOut_IsNoReason()
    {
        Assert.Empty(Write(new ReasonOptions(), [0.5, -0.5, -0.25, 0, -1, 0]));
        Assert.Equal("", Reason.Join([]));
    }

    [Fact]
    public void Write_Ties_StayInFeatureOrder_AndCountLimits()
    {
        IReadOnlyList<Reason> reasons = Write(new ReasonOptions { Count = 2 }, [0.1, 0.1, 0.1, 0.5, 0.5, 0.5]);
        Assert.Equal([3, 4], reasons.Select(r => r.Feature));
        Assert.Equal(0, Write(new ReasonOptions { Count = 1 }, [0.2, 0.2, 0.2, 0.5, 0.1, 0.1])[0].Feature);
    }

    [Fact]
    public void Write_MoreWantedThanFamilies_GivesThemAll() =>
        Assert.Equal(4, Write(new ReasonOptions { Count = 1000 }, [1, 1, 1, 1, 1, 1]).Count);

    [Theory]
    [InlineData(1f, "1 day"), InlineData(0f, "0 days"), InlineData(-1e-30f, "-1E-30 days"), InlineData(2.34567f, "2.346 days"), InlineData(0.00012345f, "0.000123 days")]
    [InlineData(1234567f, "1234567 days"), InlineData(float.NaN, "missing"), InlineData(-3.5f, "-3.5 days")]
    public void ValueFormat_Quantity_ReadsAsSaid(float value, string expected) => Assert.Equal(expected, ValueFormat.Text(Features[0], value));

    [Fact]
    public void ValueFormat_NegativeZero_IsZero() => Assert.Equal("0 days", ValueFormat.Text(Features[0], -0f));

    [Theory]
    [InlineData(0f, "north"), InlineData(7f, "7"), InlineData(-1f, "-1"), InlineData(0.5f, "0.5")]
    public void ValueFormat_Category_IsItsNameOrElseItsCode(float value, string expected) => Assert.Equal(expected, ValueFormat.Text(Features[3], value));

    [Fact]
    public void Choose_Warm_AllocatesNothing()
    {
        var writer = new ReasonWriter(Features, new ReasonOptions());
        int[] speakers = new int[3];
        double[] sums = new double[3], contributions = [0.5, -0.1, 0.3, 0.6, -0.9, 0.2];
        writer.Choose(contributions, speakers, sums);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int found = writer.Choose(contributions, speakers, sums);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal((3, 0, 3, 5), (found, speakers[0], speakers[1], speakers[2]));
    }

    [Fact]
    public void Write_ContributionsOfTreeShap_NameTheSplitFeature()
    {
        var ensemble = new TreeEnsemble
        {
            FeatureCount = 6,
            BaseMargin = 0,
            Trees =
            [
                new DecisionTree
                {
                    Feature = [5],
                    Threshold = [40],
                    LeftCategories = [null],
                    MissingGoesLeft = [false],
                    Left = [~0],
                    Right = [~1],
                    LeafValue = [-1, 1],
                    LeafCover = [3, 1],
                },
            ],
        };
        double[] contributions = new double[6];
        new TreeShap(ensemble).Explain(Row, contributions);
        Reason reason = Assert.Single(Write(new ReasonOptions(), contributions));
        Assert.Equal("age is missing (raises risk)", reason.Sentence);
        Assert.Equal(1.5, reason.Contribution, 1e-12);
    }

    [Fact]
    public void ReasonWriter_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReasonWriter(Features, new ReasonOptions { Count = 0 }));
        Assert.Throws<ArgumentException>(() => new ReasonWriter(Features, new ReasonOptions()).Write([1f], new double[6]));
        Assert.Throws<ArgumentException>(() => new ReasonWriter(Features, new ReasonOptions()).Write(Row, new double[5]));
    }

    private static IReadOnlyList<Reason> Write(ReasonOptions options, double[] contributions) => new ReasonWriter(Features, options).Write(Row, contributions);
}
