using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry.Tests;

public sealed class GateTests
{
    private static readonly ChurnModel s_model = RegistryScene.Models[0];

    [Theory]
    [InlineData("roc_auc", 0.8, true)]
    [InlineData("roc_auc", 0.81, false)]
    [InlineData("ece", 0.02, true)]
    [InlineData("ece", 0.01, false)]
    [InlineData("recall", 0.1, false)]
    public void MetricGate_Limit_IsAFloorOrOfAnErrorACeiling(string metric, double limit, bool passes)
    {
        GateVerdict verdict = new MetricGate(GateOptions.LimitOf(metric, limit)).Check(new GateEvidence(s_model, null));
        Assert.Equal(passes, verdict.Passed);
        Assert.Contains(metric, verdict.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.3, true, "better")]
    [InlineData(0.0, false, "no difference")]
    [InlineData(-0.3, false, "worse")]
    public void ChampionGate_TwoModels_AreToldApartWhereRowsSuffice(double advantage, bool passes, string says)
    {
        var random = new Random(4);
        int[] customers = [.. Enumerable.Range(0, 2000)];
        float[] labels = [.. customers.Select(_ => random.NextDouble() < 0.2 ? 1f : 0f)];
        float[] Scores(double skill) => [.. labels.Select(label => (float)(random.NextDouble() + skill * label))];
        var comparison = new ChampionComparison { Champion = "m-000000000000", Design = "as of a day", CandidatePredicted = Scores(0.5 + advantage), ChampionPredicted = Scores(0.5), Labels = labels, Customers = customers };
        GateVerdict verdict = new ChampionGate(new() { Resamples = 300 }).Check(new GateEvidence(s_model, comparison));
        Assert.True(passes == verdict.Passed && verdict.Why.Contains(says, StringComparison.Ordinal), verdict.Why);
        Assert.Contains("2,000 customers", verdict.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void ChampionGate_NoRows_SaysNoAndWhy()
    {
        GateVerdict verdict = new ChampionGate(new()).Check(new GateEvidence(s_model, new ChampionComparison { Champion = "m-000000000000", Obstacle = "no data were named" }));
        Assert.False(verdict.Passed);
        Assert.Contains("no data were named", verdict.Why, StringComparison.Ordinal);
        Assert.True(new ChampionGate(new()).Check(new GateEvidence(s_model, null)).Passed);
    }

    [Fact]
    public void Promote_GoldenRowsOff_IsRefusedWhateverTheReason()
    {
        using var scene = new RegistryScene();
        string version = scene.Register(0);
        MoveOutcome outcome = scene.Registry.Promote(new PromotionRequest(AliasName.Production, version, RegistryScene.Broken) { Force = "now" });
        Assert.True(outcome.IsRefused);
        Assert.Null(scene.Registry.Read().VersionOf(AliasName.Production));
        LogEntry last = scene.Registry.Read().Log.Entries[^1];
        Assert.Equal(LogAction.Refused, last.Action);
        Assert.Contains(last.Gates!, gate => gate.Gate == ProofGate.GateName && gate.Why.StartsWith("CE5010", StringComparison.Ordinal));
    }

    [Fact]
    public void Promote_ForcedPastAGate_IsInTheLogWithItsReason()
    {
        using var scene = new RegistryScene();
        string version = scene.Register(0);
        Assert.True(scene.Promote(version, AliasName.Production, new GateVerdict("roc_auc", false, "low")).IsRefused);
        Assert.True(scene.Registry.Promote(new PromotionRequest(AliasName.Production, version, RegistryScene.Walk) { Verdicts = [new GateVerdict("roc_auc", false, "low")], Force = "nothing better" }).Moved);
        LogEntry[] log = [.. scene.Registry.Read().Log.Entries];
        Assert.Equal([LogAction.Registered, LogAction.Refused, LogAction.Intended, LogAction.Completed], log.Select(entry => entry.Action));
        Assert.True(log[2].Forced);
        Assert.Equal("nothing better", log[2].Reason);
    }

    [Fact]
    public void Promote_ChampionMovedSinceTheGatesJudged_AsksForAnotherTry()
    {
        using var scene = new RegistryScene();
        string first = scene.Register(0), second = scene.Register(1), third = scene.Register(2);
        scene.Promote(first);
        scene.Promote(second);
        var stale = new PromotionRequest(AliasName.Production, third, RegistryScene.Walk) { ComparedWith = first };
        Assert.Equal("CE8107", Assert.Throws<ChurnTransientException>(() => scene.Registry.Promote(stale)).Code.ToString());
        Assert.True(scene.Registry.Promote(stale with { ComparedWith = second }).Moved);
    }

    [Fact]
    public void Change_FolderOfSomebodyElse_IsRefusedUntouched()
    {
        using var scene = new RegistryScene();
        scene.Temporary.Write("registry/notes.txt", "mine");
        Assert.Equal("CE8114", Assert.Throws<ChurnConfigException>(() => scene.Register(0)).Code.ToString());
        Assert.Single(Directory.GetFileSystemEntries(scene.Folder));
    }

    [Fact]
    public async Task Change_WhileAnotherHoldsTheLock_WaitsForIt()
    {
        using var scene = new RegistryScene();
        scene.Register(0);
        FolderLock held = FolderLock.TryTake(scene.Folder)!;
        Task<string> second = Task.Run(() => scene.Register(1));
        await Task.Delay(300);
        Assert.False(second.IsCompleted);
        held.Dispose();
        Assert.Equal(RegistryScene.Models[1].Version, await second.WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.Equal(2, scene.Registry.Read().Versions.Count);
    }

    [Fact]
    public void Difference_OfTwoModels_NamesWhatDiffers()
    {
        ModelMetadata first = s_model.Metadata, second = first with { Threshold = 0.3, TrainerOptions = new Dictionary<string, string> { ["Seed"] = "2" }, Features = [.. first.Features.Skip(1)], Metrics = new Dictionary<string, double> { ["test.roc_auc"] = 0.9, ["test.ece"] = 0.02 } };
        IReadOnlyList<Difference> found = ModelDifference.Of(first, second);
        Assert.Equal([("decision", "threshold"), ("options", "Seed"), ("features", first.Features[0].Name), ("metrics", "test.roc_auc")], found.Select(difference => (difference.Area, difference.Name)));
        Assert.Empty(ModelDifference.Of(first, first));
    }
}
