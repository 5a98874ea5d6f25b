using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Deciding;

/// <summary>A plan, what became of its customers, and what that says.</summary>
public sealed class OutcomeStepTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("churned", false), InlineData("stayed", false), InlineData("churned", true)]
    public void Run_CampaignThatSavesFourInTen_FindsIt(string label, bool withRevenue)
    {
        Plan(5000, 0.3);
        StepContext context = SmallData.Context();
        OutcomeReport report = OutcomeStep.Run(Outcomes(label, withRevenue, _ => true), _folder["plan.csv"], "customer_id", context);
        Assert.Empty(context.Warnings);
        Assert.Equal(withRevenue, report.HasRevenue);
        Assert.InRange(report.HoldOut.Customers, 1000, 2000);
        Assert.InRange(report.ExpectedSaved, report.ValueSaved.Lower, report.ValueSaved.Upper);
        Assert.True(report.Effect.Lower > 0);
        Assert.False(report.IsSplitMismatched);
        Assert.Equal(report.Contacted.Customers * 10.0, report.Spend);
    }

    [Fact]
    public void Run_LostHoldOut_WarnsOfTheSplit()
    {
        Plan(5000, 0.3);
        StepContext context = SmallData.Context();
        OutcomeReport report = OutcomeStep.Run(Outcomes("churned", false, row => row % 2 == 0 || Contacted().Contains(ScoreFolder.Id(row))), _folder["plan.csv"], "customer_id", context);
        Assert.True(report.IsSplitMismatched);
        Assert.Contains(context.Warnings, warning => warning.Contains("cannot be one random split", StringComparison.Ordinal));
        Assert.True(report.Unknown > 0);
    }

    [Fact]
    public void Run_FilesThatDoNotFit_AreRefused()
    {
        Plan(100, 0.3);
        Assert.Equal(1187, Code(_folder.Write("who.csv", "customer_id,left\nc-0001,1\n"), _folder["plan.csv"]));
        Assert.Equal(1188, Code(_folder.Write("others.csv", "customer_id,churned\nx,1\n"), _folder["plan.csv"]));
        Assert.Equal(1186, Code(_folder.Write("fine.csv", "customer_id,churned\nc-0001,1\n"), _folder["scores/part-00000.csv"]));
        Assert.Equal(2001, Code(_folder["gone.csv"], _folder["plan.csv"]));
    }

    private static int Code(string outcomes, string plan) => Assert.ThrowsAny<ChurnException>(() => OutcomeStep.Run(outcomes, plan, "customer_id", SmallData.Context())).Code.Number;

    private void Plan(int rows, double control) =>
        DecideStep.Run(ScoreFolder.Write(_folder, "scores", rows), null, new DecisionOverrides { Value = 600, SaveRate = 0.4, Cost = 10, ControlShare = control, Out = _folder["plan.csv"] }, SmallData.Context());

    private HashSet<string> Contacted() => [.. File.ReadAllLines(_folder["plan.csv"]).Skip(1).Select(line => line.Split(',')[1])];

    // Everybody leaves as their probability says; of the contacted four in ten of those stay.
    private string Outcomes(string label, bool withRevenue, Func<int, bool> isKnown)
    {
        HashSet<string> contacted = Contacted();
        var random = new Random(12);
        IEnumerable<string> lines = Enumerable.Range(0, 5000).Select(row =>
        {
            bool leaves = random.NextDouble() < ScoreFolder.ProbabilityOf(row), saved = random.NextDouble() < 0.4, stays = !leaves || (saved && contacted.Contains(ScoreFolder.Id(row)));
            return (row, string.Create(CultureInfo.InvariantCulture, $"{ScoreFolder.Id(row)},{(stays == (label == "stayed") ? "true" : "false")}{(withRevenue ? stays ? ",600" : ",0" : "")}"));
        }).ToArray().Where(pair => isKnown(pair.row)).Select(pair => pair.Item2);
        return _folder.Write("outcomes.csv", $"customer_id,{label}{(withRevenue ? ",revenue" : "")}\n{string.Join('\n', lines)}\n");
    }
}
