using System.Xml.Linq;
using ChurnEngine.Reporting;

namespace ChurnEngine.Bench.Tests.Pipeline;

public class PipelineTests
{
    private const long Gb = 1L << 30;

    [Theory]
    [InlineData("train", 1_000_000, false, null)]
    [InlineData("train", 10_000_000, true, null)]
    [InlineData("train", 10_000_000, false, null)]
    [InlineData("train", 30_000_000, true, "28.8 GB of memory")]
    [InlineData("group", 16_000_000, true, null)]
    [InlineData("group", 16_000_000, false, "of disk")]
    [InlineData("generate", 10_000_000, true, null)]
    [InlineData("ingest", 60_000_000, false, null)]
    [InlineData("ingest", 70_000_000, false, "of disk")]
    [InlineData("ingest", 70_000_000, true, null)]
    [InlineData("generate", 70_000_000, true, "of disk")]
    public void Refuse_OnAMachineOf24Gb_NamesWhatIsShort(string stage, int customers, bool worldIsMade, string? missing)
    {
        string? refusal = new StageFit(24 * Gb, 100 * Gb).Refuse(StageCatalog.Find(stage), new StageOptions { Stage = stage, Customers = customers }, worldIsMade);
        Assert.Equal(missing is null, refusal is null);
        if (missing is not null)
            Assert.Contains(missing, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_WithMonths_GrowsWithThem()
    {
        var fit = new StageFit(24 * Gb, 100 * Gb);
        var twelve = new StageOptions { Stage = "group", Customers = 15_000_000 };
        Assert.Null(fit.Refuse(StageCatalog.Find("group"), twelve, worldIsMade: true));
        Assert.NotNull(fit.Refuse(StageCatalog.Find("group"), twelve with { Months = 24 }, worldIsMade: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_Axes_ChangeOneThingEach(bool quick)
    {
        var options = new StageOptions { Stage = "train" };
        foreach (GrowthAxis axis in GrowthAxis.All(quick))
        {
            Assert.Equal(axis.Values.Order(), axis.Values);
            StageOptions[] grown = [.. axis.Values.Select(value => axis.Apply(options, value))];
            Assert.Distinct(grown);
            // Set to the same size, they are the same again: nothing else moved.
            Assert.Single(grown.Select(one => axis.Apply(one, axis.Values[0])).Distinct());
            Assert.All(axis.Stages ?? [], stage => Assert.Contains(stage, StageCatalog.Names));
        }
    }

    [Fact]
    public void Plan_ByDefault_TakesAboutEightMinutes()
    {
        var request = new PipelineRequest { Cache = "cache", Threads = 2, Stages = [.. StageCatalog.Names.Where(name => name != "explain")], Grow = [.. GrowthAxis.All(false).Select(axis => axis.Name)] };
        PlannedStage[] plan = [.. request.Plan()];
        Assert.InRange(plan.Sum(planned => planned.Estimate) / 60, 4, 10);
        // Each stage at both sizes.
        Assert.Equal(2 * (StageCatalog.Names.Count - 1), plan.Count(planned => planned.Axis is null));
        Assert.All(plan, planned => Assert.True(planned.Options.Rounds >= 1));
    }

    [Fact]
    public void Growth_CostThatGrowsWithTheSquare_HasExponentTwo()
    {
        GrowthAxis axis = GrowthAxis.All(false).Single(one => one.Name == "trees");
        ResultEntry[] entries = [.. PipelineResults.Growth(axis, [.. new[] { 10, 20, 40 }.Select(trees => Outcome("train", 1000) with { Trees = trees, Seconds = [trees * trees * 1e-3, trees * trees * 1e-3] })])];
        ResultEntry fit = entries.Single(entry => entry.Unit == PipelineResults.Exponent);
        Assert.Equal(2, fit.Value, 9);
        Assert.True(fit.Interval!.Contains(2) || fit.Interval.High - fit.Interval.Low < 1e-6);
        Assert.Equal(("10", "40"), (fit.Parameters["from"], fit.Parameters["to"]));
        Assert.Distinct(entries.Select(entry => entry.Key()));
    }

    [Fact]
    public void Stage_AnOutcome_GivesRowsASecondAndItsShareOfTheLimit()
    {
        var limits = new MachineLimits(new SuiteRun { Suite = "machine", Commit = "c", Dirty = false, Date = "d", Entries = [new ResultEntry { Name = "copy, DRAM, 1 core", Unit = "GB/s", Value = 10 }] });
        ResultEntry entry = PipelineResults.Stage(Outcome("ingest", 1000) with { Seconds = [0.5, 0.4, 9], LimitUnits = 1e9 }, limits);
        Assert.Equal((2000.0, 0.5, 0.2), (entry.Value, entry.Seconds!.Value, entry.LimitShare!.Value));
        Assert.True(PipelineReport.IsStage(entry));
    }

    [Fact]
    public void Render_StagesAndGrowth_IsOneWellFormedPageThatLoadsNothing()
    {
        var limits = new MachineLimits(new SuiteRun { Suite = "machine", Commit = "c", Dirty = false, Date = "d" });
        GrowthAxis[] axes = [.. GrowthAxis.All(false).Where(axis => axis.Name is "rows" or "threads")];
        SuiteRun run = new()
        {
            Suite = "pipeline",
            Commit = "<&>",
            Dirty = true,
            Date = "2026-01-01T00:00:00Z",
            Entries =
            [
                PipelineResults.Stage(Outcome("ingest", 1000), limits), PipelineResults.Stage(Outcome("<train>", 10) with { Customers = 5000 }, limits),
                .. axes.SelectMany(axis => PipelineResults.Growth(axis, [Outcome("<train>", 10) with { Threads = 1 }, Outcome("<train>", 40) with { Threads = 2, Seconds = [3, 5] }])),
            ],
        };
        string page = PipelinePage.Render(run, MachineInfo.Read());
        XElement html = XDocument.Parse(page).Root!;
        Assert.Equal(7, html.Descendants(Svg.Space + "svg").Count());
        Assert.Contains(html.Descendants("td"), cell => cell.Value == "<train>");
        Assert.Contains("<&> with changes", html.Value, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace(Svg.Space.NamespaceName, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(html.Descendants(), element => element.Name.LocalName is "script" or "link" or "img");
    }

    [Theory]
    [InlineData(0.0123, "0.01")]
    [InlineData(12.34, "12.3")]
    [InlineData(123.4, "123")]
    [InlineData(12_345, "12,300")]
    [InlineData(7_512_345, "7,510,000")]
    [InlineData(-0.5, "-0.50")]
    public void Number_AnySize_KeepsThreeDigits(double value, string expected) => Assert.Equal(expected, PipelineReport.Number(value));

    private static StageOutcome Outcome(string stage, long rows) => new()
    {
        Stage = stage,
        Commit = "abc",
        Customers = 1000,
        Months = 12,
        Threads = 1,
        Features = 27,
        Trees = 10,
        Snapshots = 5,
        RowUnit = "rows",
        Rows = rows,
        Seconds = [1, 2, 3],
        AllocatedBytes = 1 << 20,
        PeakMemoryBytes = 100 << 20,
        ResidentBeforeBytes = 50 << 20,
        Limit = "copy, DRAM, 1 core",
        LimitUnits = 1e6,
    };
}
