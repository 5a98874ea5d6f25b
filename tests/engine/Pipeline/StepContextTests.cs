using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline.Tests;

public sealed class StepContextTests
{
    [Fact]
    public void Time_Stages_AreListedInOrderWithTheirRows()
    {
        var log = new StageLog(1L << 30);
        Assert.Equal("b", log.Time("first", () => "b", _ => 10));
        Assert.Equal(3, log.Time("second", () => 3, rows => rows));
        Assert.Equal([("first", 10L), ("second", 3L)], log.Stages.Select(stage => (stage.Stage, stage.Rows)));
        Assert.All(log.Stages, stage => Assert.True(stage.Seconds >= 0));
    }

    [Fact]
    public void Time_StageThatFails_IsNotListed()
    {
        var log = new StageLog(1L << 30);
        Assert.Throws<InvalidOperationException>(() => log.Time<int>("broken", () => throw new InvalidOperationException(), rows => rows));
        Assert.Empty(log.Stages);
    }

    [Fact]
    public void RowsPerSecond_NoTime_IsZero()
    {
        Assert.Equal(0, new StageTime("x", 5, 0).RowsPerSecond);
        Assert.Equal(20, new StageTime("x", 5, 0.25).RowsPerSecond);
    }

    [Fact]
    public void PeakMemory_IsWhatTheProcessHasHeld() => Assert.InRange(StageLog.PeakMemoryBytes, 1L << 20, 1L << 40);

    [Fact]
    public void Warn_TheSameTwice_IsSaidOnce()
    {
        StepContext context = SmallData.Context();
        context.Warn("late");
        context.Warn(["early", "late"]);
        Assert.Equal(["late", "early"], context.Warnings);
    }

    [Fact]
    public void Alarm_ModelAboveWhatTheWorldAllows_IsRaised()
    {
        var best = new Dictionary<string, double> { ["roc_auc"] = 0.85, ["roc_auc_se"] = 0.01 };
        Assert.Null(BestReachableStep.Alarm(new Dictionary<string, double> { ["roc_auc"] = 0.879 }, best));
        string? alarm = BestReachableStep.Alarm(new Dictionary<string, double> { ["roc_auc"] = 0.881 }, best);
        Assert.Contains("0.8810", alarm, StringComparison.Ordinal);
        Assert.Contains("0.8800", alarm, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenIngest_Quarantine_IsTakenFromTheProjectsFolder()
    {
        using Ingest.IngestSession session = SmallData.Context().OpenIngest(new IngestSettings(0.2, "bad"), "/projects/a");
        Assert.Equal("/projects/a/bad", session.Options.QuarantineDirectory);
        Assert.Equal(0.2, session.Options.BadShareLimit);
        Assert.Equal(new JobBudget { Threads = 2 }, session.Options.Budget);
    }
}
