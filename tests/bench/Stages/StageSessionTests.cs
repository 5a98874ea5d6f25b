using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests;

/// <summary>Every stage on a small world: it does its work, does the same again, and leaves nothing behind but the cache.</summary>
public sealed class StageSessionTests : IClassFixture<StageSessionTests.World>
{
    private readonly World _world;

    public StageSessionTests(World world) => _world = world;

    public static TheoryData<string> Stages => [.. StageCatalog.Names, .. KernelStage.Names];

    [Theory]
    [MemberData(nameof(Stages))]
    public void RunRound_EveryStage_GoesThroughTheSameRowsAgain(string stage)
    {
        StageOutcome outcome;
        using (var session = new StageSession(_world.Options(stage) with { WarmUps = 0 }))
        {
            Assert.Equal(session.RunRound().Rows, session.RunRound().Rows);
            outcome = session.Summarize();
        }
        Assert.True(outcome.Rows > 100, $"{outcome.Rows} rows");
        Assert.Equal(2, outcome.Seconds.Count);
        Assert.All(outcome.Seconds, seconds => Assert.True(seconds > 0));
        Assert.True(outcome.AllocatedBytes >= 0 && outcome.PeakMemoryBytes > 0 && outcome.LimitUnits > 0);
        Assert.Equal(outcome.ToLine(), StageOutcome.Parse(outcome.ToLine()).ToLine());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_world.Folder.Path), path => path.EndsWith($"-{Environment.ProcessId}", StringComparison.Ordinal));
    }

    [Fact]
    public void RunRound_MoreFeaturesAndTrees_AreUsed()
    {
        using var session = new StageSession(_world.Options("train") with { Features = 40, Trees = 3, WarmUps = 0 });
        session.RunRound();
        StageOutcome wide = session.Summarize();
        Assert.Equal(40, wide.Features);
        Assert.Equal(3, wide.Trees);
    }

    [Fact]
    public void Open_WhatCannotBeHad_SaysWhatCan()
    {
        Assert.Contains("generate, ingest", Assert.Throws<BenchException>(() => new StageSession(_world.Options("fly"))).Message, StringComparison.Ordinal);
        Assert.Contains("from 27", Assert.Throws<BenchException>(() => new StageSession(_world.Options("ingest") with { Features = 5 })).Message, StringComparison.Ordinal);
        Assert.Contains("raise --months", Assert.Throws<BenchException>(() => new StageSession(_world.Options("train") with { Snapshots = 50 })).Message, StringComparison.Ordinal);
        Assert.Contains("holds no world", Assert.Throws<BenchException>(() => new StageSession(_world.Options("ingest") with { World = "/nowhere" })).Message, StringComparison.Ordinal);
    }

    public sealed class World : IDisposable
    {
        public TemporaryDirectory Folder { get; } = new();

        internal StageOptions Options(string stage) => new() { Stage = stage, Customers = 1500, Trees = 5, Snapshots = 2, Threads = 2, Cache = Folder.Path };

        public void Dispose() => Folder.Dispose();
    }
}
