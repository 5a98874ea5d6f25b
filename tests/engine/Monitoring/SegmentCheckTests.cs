using ChurnEngine.Evaluation;

namespace ChurnEngine.Monitoring.Tests;

public sealed class SegmentCheckTests
{
    private const int Segments = 8, RowsASegment = 1500;

    [Fact]
    public void Run_RightProbabilities_RaiseHardlyAnAlarmInManyWindows()
    {
        int alarms = 0;
        for (int seed = 0; seed < 100; seed++)
            alarms += Faults(Draw(seed, (_, p) => p)).Any() ? 1 : 0;
        Assert.InRange(alarms, 0, 1);
    }

    [Fact]
    public void Run_OneSegmentOfAnotherLaw_IsNamedAlone()
    {
        SegmentFault[] faults = [.. Faults(Draw(5, (segment, p) => segment == 3 ? 1.6 * p : p))];
        Assert.Equal(["mean_probability"], faults.Select(fault => fault.Metric));
        (string Segment, SegmentFault Fault)[] ranks = [.. Named(Draw(6, (segment, p) => segment == 2 ? 0.3 : p))];
        Assert.All(ranks, fault => Assert.Equal("s2", fault.Segment));
        Assert.Contains(ranks, fault => fault.Fault.Metric == "roc_auc");
    }

    [Fact]
    public void Run_Floors_AreHeldAgainstIntervals_AndFewRowsAreNotJudged()
    {
        var sample = Draw(7, (_, p) => p);
        double precision = GroupRates.Measure(sample.Groups, sample.Probability, sample.Labels, sample.Cuts).Min(group => group.Precision.Value);
        SegmentLimits Floor(double floor) => new() { Floors = new Dictionary<string, double> { ["precision"] = floor } };
        Assert.Empty(Faults(sample, Floor(precision - 0.01)));
        // A little above the value is within the interval; far above it is not.
        Assert.Empty(Faults(sample, Floor(precision + 0.01)));
        Assert.Equal(Segments, Faults(sample, Floor(precision + 0.4)).Count(fault => fault.Metric == "precision"));
        Assert.Empty(Faults(sample, Floor(0.99) with { LeastRows = RowsASegment + 1 }));
        Assert.All(SegmentCheck.Run([sample.Groups], (sample.Probability, sample.Labels, sample.Cuts), new PerformanceLimits(), new SegmentLimits { LeastRows = RowsASegment + 1 }, 0.01)[0].Segments, segment => Assert.False(segment.Rates.IsJudged));
    }

    [Fact]
    public void ExpectedAuc_OfRightProbabilities_IsWhatIsMeasured()
    {
        var sample = Draw(8, (_, p) => p);
        foreach (SegmentPerformance segment in SegmentCheck.Run([sample.Groups], (sample.Probability, sample.Labels, sample.Cuts), new PerformanceLimits(), new SegmentLimits(), 0.01)[0].Segments)
            Assert.InRange(segment.ExpectedAuc, segment.RocAuc.Auc - 3.5 * segment.RocAuc.StandardError, segment.RocAuc.Auc + 3.5 * segment.RocAuc.StandardError);
    }

    [Fact]
    public void Foretold_OfRightProbabilities_HoldsWhatComes_AndOfOthersNot()
    {
        var sample = Draw(9, (_, p) => p);
        Assert.All(Foretold(sample), figure => Assert.True(figure.Held, $"{figure}"));
        Assert.Contains(Foretold(Draw(9, (_, p) => 0.5 * p)), figure => figure is { Metric: "positive_rate", Held: false, Error: < 0 });
    }

    [Fact]
    public void Concept_AnotherLaw_IsFound_AndASmallDifferenceOfManyRowsIsNot()
    {
        var same = Draw(10, (_, p) => p);
        Assert.False(ConceptCheck.Run(same.Probability, same.Labels, 0, new PerformanceLimits(), 0.01)!.HasDrifted);
        var other = Draw(11, (_, p) => p < 0.3 ? 1.5 * p : 0.6 * p);
        ConceptDrift found = ConceptCheck.Run(other.Probability, other.Labels, 0, new PerformanceLimits(), 0.01)!;
        Assert.True(found.HasDrifted);
        Assert.Contains("slope", found.Why, StringComparison.Ordinal);
        var slight = Draw(12, (_, p) => 1.05 * p, rowsASegment: 40_000);
        ConceptDrift small = ConceptCheck.Run(slight.Probability, slight.Labels, 0, new PerformanceLimits(), 0.01)!;
        Assert.True(small.Fitted.PValue < 0.01 && !small.HasDrifted, $"{small}");
    }

    private static IReadOnlyList<ForetoldFigure> Foretold((GroupedRows Groups, float[] Probability, float[] Labels, float[] Cuts) sample) => ForetoldCheck.Run(
        ForetoldCheck.FiguresOf(ExpectedPerformance.Of(sample.Probability, sample.Cuts, 1)), ClassificationMetrics.Evaluate(sample.Probability, sample.Labels, 0.4));

    private static IEnumerable<SegmentFault> Faults((GroupedRows Groups, float[] Probability, float[] Labels, float[] Cuts) sample, SegmentLimits? limits = null) => Named(sample, limits).Select(fault => fault.Fault);

    private static IEnumerable<(string Segment, SegmentFault Fault)> Named((GroupedRows Groups, float[] Probability, float[] Labels, float[] Cuts) sample, SegmentLimits? limits = null) =>
        SegmentCheck.Run([sample.Groups], (sample.Probability, sample.Labels, sample.Cuts), new PerformanceLimits(), limits ?? new SegmentLimits(), 0.01)
            .SelectMany(column => column.Segments).SelectMany(segment => segment.Faults.Select(fault => (segment.Rates.Group, fault)));

    private static (GroupedRows Groups, float[] Probability, float[] Labels, float[] Cuts) Draw(int seed, Func<int, double, double> truth, int rowsASegment = RowsASegment)
    {
        var random = new Random(seed);
        int rows = Segments * rowsASegment;
        int[] group = [.. Enumerable.Range(0, rows).Select(row => row % Segments)];
        float[] probability = new float[rows], labels = new float[rows], cuts = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            probability[row] = (float)(0.02 + 0.6 * random.NextDouble() * random.NextDouble());
            labels[row] = random.NextDouble() < truth(group[row], probability[row]) ? 1 : 0;
            cuts[row] = 0.4f;
        }
        return (new GroupedRows("country", [.. Enumerable.Range(0, Segments).Select(i => $"s{i}")], group), probability, labels, cuts);
    }
}
