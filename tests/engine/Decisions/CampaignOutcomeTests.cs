namespace ChurnEngine.Decisions.Tests;

public class CampaignOutcomeTests
{
    [Fact]
    public void Measure_KnownNumbers_AreReproduced()
    {
        // 90 of 100 contacted stay, 30 of 40 held out; worth 10 each, a contact costs 1.
        OutcomeRow[] rows = [.. Rows(100, 90, true), .. Rows(40, 30, false)];
        CampaignOutcome outcome = CampaignOutcome.Measure(rows, 40.0 / 140);
        Assert.Equal((90, 30), (outcome.Contacted.Stayed, outcome.HoldOut.Stayed));
        Assert.Equal(0.15, outcome.Effect.Value, 1e-12);
        Assert.InRange(0.15, outcome.Effect.Lower, outcome.Effect.Upper);
        Assert.Equal(150, outcome.ValueSaved.Amount, 1e-9);
        // Welch: 100 x 10 x sqrt(0.09 / 99 + 0.1875 / 39), times 1.96.
        Assert.Equal(1.959963984540054 * 1000 * Math.Sqrt(0.09 / 99 + 0.1875 / 39), outcome.ValueSaved.Upper - 150, 1e-6);
        Assert.Equal(0.5, outcome.Roi.Amount, 1e-9);
        Assert.Equal((0, 1, false), (outcome.SplitChiSquared, Math.Round(outcome.SplitP, 6), outcome.IsSplitMismatched));
        Assert.Equal(200, outcome.ExpectedSaved);
        Assert.Equal("call", Assert.Single(outcome.Offers).Action);
    }

    [Fact]
    public void Measure_WithoutHoldOut_SaysThatTheEffectIsNotKnown()
    {
        CampaignOutcome outcome = CampaignOutcome.Measure([.. Rows(10, 9, true)], 0);
        Assert.True(double.IsNaN(outcome.Effect.Value) && double.IsNaN(outcome.ValueSaved.Amount) && double.IsNaN(outcome.Roi.Amount));
        Assert.Equal(0.9, outcome.Contacted.Retention.Value);
        Assert.False(outcome.IsSplitMismatched);
    }

    [Fact]
    public void Measure_LostHoldOut_IsASplitMismatch()
    {
        CampaignOutcome outcome = CampaignOutcome.Measure([.. Rows(1000, 900, true), .. Rows(60, 50, false)], 0.1);
        Assert.True(outcome.IsSplitMismatched);
        Assert.InRange(outcome.SplitP, 0, 1e-4);
    }

    private static IEnumerable<OutcomeRow> Rows(int count, int stayed, bool isContacted) =>
        Enumerable.Range(0, count).Select(i => new OutcomeRow("call", isContacted, i < stayed, i < stayed ? 10 : 0, isContacted ? 1 : 0, 2));
}
