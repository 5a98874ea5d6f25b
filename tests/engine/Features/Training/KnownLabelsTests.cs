namespace ChurnEngine.Features.Tests;

/// <summary>Labels counted as they were known at an instant.</summary>
public class KnownLabelsTests
{
    private const string Feature = "  - { name: n, from: events, value: count }";
    private const string Cancel = "label: { churned: \"kind = cancel within 30d\" }";
    private const string Inactive = "label: { churned: \"inactive 21d within 30d\" }";

    [Theory]
    [InlineData(120, null, 1f, 0)] // known as it happened
    [InlineData(120, 130.0, 1f, 0)] // known as the labels are counted
    [InlineData(120, 130.1, 0f, 1)]
    [InlineData(90, 130.1, 0f, 0)] // gone before, which nobody knew: at risk and, as was known, staying; no label differs
    [InlineData(90, 130.0, null, 0)] // gone before, known meanwhile: no example
    public void Cancel_CountedAt130_AsFarAsWasKnown(double cancelAt, double? knownAt, float? label, int notYetKnown) =>
        Assert.Equal((label, notYetKnown), LabelAt100(Cancel, [new(1, 50, "play"), new(1, cancelAt, "cancel", KnownAt: knownAt)], countedAt: 130));

    [Theory]
    [InlineData(115, null, 0f, 0)] // 115 + 21 = 136
    [InlineData(115, 131.0, 1f, 1)] // as was known at 130, silent from 99 to 120
    [InlineData(99.5, 131.0, 1f, 0)] // the row before t that is not known: 99 + 21 = 120 all the same
    public void Inactivity_CountedAt130_AsFarAsWasKnown(double playAt, double? knownAt, float? label, int notYetKnown) =>
        Assert.Equal((label, notYetKnown), LabelAt100(Inactive, [new(1, 99, "play"), new(1, playAt, "play", KnownAt: knownAt)], countedAt: 130));

    [Fact]
    public void Build_WindowNotOverWhenCounted_DropsTheSnapshot()
    {
        var world = new World { Customers = [new(1, 0), new(2, 0)], Events = [new(1, 95, "play"), new(2, 130, "cancel"), new(1, 300, "play")] };
        FeaturePlan plan = World.Plan(Feature, Cancel);
        using CustomerData data = world.Load(plan);
        var options = new TrainingSetOptions { AsOf = [World.At(90), World.At(100)], LabelsKnownAt = new Dictionary<long, long> { [World.At(90)] = World.At(120), [World.At(100)] = World.At(129) } };
        using TrainingSet set = TrainingSet.Build(plan, data, options, CancellationToken.None);
        Assert.Equal([World.At(90)], set.Snapshots.Select(s => s.AsOf));
        CensoredSnapshot dropped = Assert.Single(set.Censored);
        Assert.Equal(World.At(100), dropped.AsOf);
        Assert.Contains("ends at 2024-05-10, after 2024-05-09", dropped.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gap: 0d", new double[] { 90, 120, 150, 180, 210 })]
    [InlineData("gap: 5d", new double[] { 105, 140, 175 })]
    [InlineData("gap: 1h", new double[] { 93, 124, 155, 186 })] // days stay whole
    public void Propose_Gap_BelongsToTheStep(string gap, double[] days)
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 0, "play"), new(1, 240, "play")] };
        FeaturePlan plan = World.Plan(Feature, $"label: {{ churned: \"kind = cancel within 30d\", {gap} }}");
        using CustomerData data = world.Load(plan);
        Assert.Equal(days.Select(World.At), SnapshotCalendar.Propose(data).Usable);
    }

    private static (float? Label, int NotYetKnown) LabelAt100(string label, TestEvent[] events, double countedAt)
    {
        var world = new World { Customers = [new(1, 0), new(99, 99)], Events = [.. events, new(99, 99, "play")] };
        FeaturePlan plan = World.Plan(Feature, label + "\nextract_at: 2026-01-01\n");
        using CustomerData data = world.Load(plan);
        var options = new TrainingSetOptions { AsOf = [World.At(100)], LabelsKnownAt = new Dictionary<long, long> { [World.At(100)] = World.At(countedAt) } };
        using TrainingSet set = TrainingSet.Build(plan, data, options, CancellationToken.None);
        int row = World.ByKey(set.Matrix, set.Keys, 0, set.Labels.Length).Keys.ToList().IndexOf(World.KeyText(1));
        return (row < 0 ? null : set.Labels[row], (int)set.Snapshots[0].LabelsNotYetKnown);
    }
}
