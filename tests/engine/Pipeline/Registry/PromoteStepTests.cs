using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Registry;

/// <summary>What a promotion compares, and when it cannot.</summary>
public sealed class PromoteStepTests : IDisposable
{
    private const string Gates = "gates: { better_than_champion: true, resamples: 200 }\n";
    private readonly TemporaryDirectory _folder = new();

    private RegistryPlace Place => new(_folder["registry"], TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Promote_ChampionOfAnotherPlan_IsMetOnTheSameCustomers()
    {
        ProjectConfig old = SmallData.Project(_folder, 14, Gates);
        string champion = Train(old, "old.onnx");
        Promote(old, champion);
        // The same tables and label, one feature more.
        string yaml = File.ReadAllText(old.File).Replace("windows: [30] }", "windows: [30] }\n  - { name: \"plays_{w}d\", from: events, where: \"kind = play\", value: count, windows: [60] }", StringComparison.Ordinal);
        File.WriteAllText(old.File, yaml);
        ProjectConfig renewed = ProjectConfig.Load(old.File);
        Assert.NotEqual(old.Plan.Hash, renewed.Plan.Hash);
        string candidate = Train(renewed, "new.onnx");

        MoveReport report = Promote(renewed, candidate);

        string why = report.Gates.Single(gate => gate.Gate == "better_than_champion").Why;
        Assert.Contains($"of champion {champion}: difference ", why, StringComparison.Ordinal);
        Assert.Contains("as of ", why, StringComparison.Ordinal);
        // Both say the same of who is at risk, so the customers are those that `evaluate` measures on.
        double rows = EvaluateStep.Run(renewed, null, new ModelChoice(_folder["new.onnx"], SmallData.Walk), SmallData.Context()).Metrics["rows"];
        Assert.Contains($"{rows:N0} customers", why, StringComparison.Ordinal);
        Assert.Contains($"ROC-AUC {EvaluateStep.Run(renewed, null, new ModelChoice(_folder["new.onnx"], SmallData.Walk), SmallData.Context()).Metrics["roc_auc"]:F4} against", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Promote_SnapshotThatTrainingKnew_IsNoEvidence()
    {
        ProjectConfig project = SmallData.Project(_folder, 14, Gates);
        string first = Train(project, "a.onnx"), second = Train(project, "b.onnx", seed: 2, trees: 2);
        Promote(project, first);
        long known = ModelFile.Load(_folder["b.onnx"]).Metadata.KnownThrough;
        Assert.True(known > 0);
        foreach ((long asOf, bool isNew) in new[] { (known, true), (known - 1, false) })
        {
            MoveReport report = PromoteStep.Run(Place, project, new PromoteRequest(second, "production") { AsOf = asOf, DryRun = true }, SmallData.Walk, SmallData.Context());
            string why = report.Gates.Single(gate => gate.Gate == "better_than_champion").Why;
            Assert.Equal(isNew, why.StartsWith("ROC-AUC", StringComparison.Ordinal));
            Assert.Equal(!isNew, why.Contains("is not later than the training of both", StringComparison.Ordinal));
        }
        Assert.Equal(first, RegistryStep.List(_folder["registry"]).Aliases.Single().Version);
    }

    [Fact]
    public void Promote_ModelOfAPlainTable_HasNoLaterRowsAndNeedsAReason()
    {
        TableInput table = SmallData.Table(_folder);
        string[] versions = [.. new[] { 1UL, 2UL }.Select(seed =>
        {
            TableTrainStep.Run(table, SmallData.Training(_folder[$"t{seed}.onnx"]) with { Overrides = new TrainOverrides { Trees = 5, Seed = seed } }, 2, SmallData.Walk, SmallData.Context());
            return RegistryStep.Register(Place, _folder[$"t{seed}.onnx"], null, SmallData.Context()).Version;
        })];
        ProjectConfig project = SmallData.Project(_folder, 14, Gates);
        Promote(project, versions[0]);
        MoveReport refused = PromoteStep.Run(Place, project, new PromoteRequest(versions[1], "production"), SmallData.Walk, SmallData.Context());
        Assert.True(refused.Refused);
        Assert.Contains("a plain table has no time", refused.Gates[^1].Why, StringComparison.Ordinal);
        Assert.True(PromoteStep.Run(Place, project, new PromoteRequest(versions[1], "production") { Force = "measured by hand" }, SmallData.Walk, SmallData.Context()).Moved);
        Assert.True(PromoteStep.Run(Place, project, new PromoteRequest(versions[0], "challenger"), SmallData.Walk, SmallData.Context()).Moved);
    }

    [Fact]
    public void Settings_WhereNothingIsSaid_AreBesideTheProject()
    {
        ProjectConfig project = SmallData.Project(_folder);
        Assert.Equal((_folder["project/registry"], false, _folder["project/runs"], null), (project.Registry.Folder, project.Registry.IsConfigured, project.Registry.Runs, project.Registry.Mlflow));
        Assert.Empty(project.Registry.Gates.Gates);
        ProjectConfig other = ProjectConfig.Load(_folder.Write("project/other.yaml", SmallData.Yaml + "registry: /models\nruns: /runs\ngates: { precision: 0.6, staging: { ece: 0.1 } }\n"));
        Assert.Equal(("/models", true, "/runs"), (other.Registry.Folder, other.Registry.IsConfigured, other.Registry.Runs));
        Assert.Equal(["precision"], other.Registry.GatesOf("production").Gates.Select(gate => gate.Name));
        Assert.Equal(["ece"], other.Registry.GatesOf("staging").Gates.Select(gate => gate.Name));
        Assert.Empty(other.Registry.GatesOf("challenger").Gates);
    }

    private string Train(ProjectConfig project, string name, ulong seed = 1, int trees = 20)
    {
        TrainStep.Run(project, SmallData.Training(_folder[name]) with { Overrides = new TrainOverrides { Trees = trees, Seed = seed }, AllowLeakage = "a test" }, SmallData.Walk, SmallData.Context());
        return RegistryStep.Register(Place, _folder[name], null, SmallData.Context()).Version;
    }

    private MoveReport Promote(ProjectConfig project, string version) => PromoteStep.Run(Place, project, new PromoteRequest(version, "production"), SmallData.Walk, SmallData.Context());
}
