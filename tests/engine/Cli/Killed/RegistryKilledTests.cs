using System.Text.Json;
using ChurnEngine.Cli.Tests.Registry;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Killed;

/// <summary>
/// SIGKILL before every change of a file of each verb that changes the registry. After each: production is a whole model, the old one or the new one; `verify` finds nothing that does not heal by itself;
/// the same command again comes to what an undisturbed one comes to.
/// </summary>
public sealed class RegistryKilledTests(TwoModels models, ITestOutputHelper output) : IClassFixture<TwoModels>
{
    public static TheoryData<string> Cases => ["register", "promote", "promote the first", "rollback", "backup", "restore a version", "restore the log", "train --register"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Verb_KilledBeforeAnyChangeOfAFile_LeavesAValidProductionAndHeals(string name)
    {
        using var temporary = new TemporaryDirectory();
        KillCase kill = Case(name);
        var point = new KillPoint(kill, temporary);
        string? before = Production(point.Prepare());
        string work = point.Prepare();
        string[] steps = point.Record(work);
        string after = State(work);
        string? productionAfter = Production(work);
        Assert.True(steps.Length >= 6, string.Join('\n', steps));
        // Of the small files of MLflow's copy every seventh will do.
        int every = name.StartsWith("train", StringComparison.Ordinal) ? 7 : 1;
        for (int step = 0; step < steps.Length; step += every)
        {
            string folder = point.Prepare(), when = $"{name} killed before step {step} of {steps.Length}, {steps[step]}";
            CommandRun run = point.Signal(folder, KillPoint.SigKill, step);
            Assert.True(run.ExitCode == 128 + KillPoint.SigKill, $"{when}\n{run}");
            try
            {
                string? now = Production(folder);
                Assert.True(now == before || now == productionAfter, $"production is {now}, neither {before} nor {productionAfter}");
                CommandRun again = Churn.Run([.. kill.Line(folder), "--quiet"]);
                // Killed when all was done but the lock's file: it has been rolled back, or the backup is there.
                if (name is "rollback" or "backup" && again.ExitCode == ExitCode.Usage)
                    Assert.StartsWith(name == "rollback" ? "CE8110" : "CE8112", again.LastError, StringComparison.Ordinal);
                else
                    again.Expect(ExitCode.Done);
                Churn.Run("models", "verify", "--registry", Path.Combine(folder, "registry")).Expect(ExitCode.Done);
                Assert.Equal(after, State(folder));
                FolderContent.AssertNothingHalfWritten(folder);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{when}: {failure.Message}", failure);
            }
        }
        output.WriteLine($"{name}: {steps.Length} steps, killed before each{(every > 1 ? $" {every}th" : "")}");
    }

    private KillCase Case(string name) => name switch
    {
        "register" => new(name, folder => Registry(folder, [models.Weak]), folder => ["models", "register", models.StrongFile, "--registry", Path.Combine(folder, "registry")]),
        "promote" => new(name, folder => Registry(folder, [models.Weak, models.Strong], models.Weak), folder => ["models", "promote", models.Strong, "--registry", Path.Combine(folder, "registry")]),
        "promote the first" => new(name, folder => Registry(folder, [models.Weak, models.Strong]), folder => ["models", "promote", models.Strong, "--registry", Path.Combine(folder, "registry")]),
        "rollback" => new(name, folder => Registry(folder, [models.Weak, models.Strong], models.Weak, models.Strong), folder => ["models", "rollback", "--registry", Path.Combine(folder, "registry")]),
        "backup" => new(name, folder => Registry(folder, [models.Weak, models.Strong], models.Strong), folder => ["models", "backup", "--registry", Path.Combine(folder, "registry"), "--out", Path.Combine(folder, "backup")]) { RefusesItsOwnResult = true },
        "restore a version" => new(name, folder => Backup(folder, () => Directory.Delete(Path.Combine(folder, "registry/versions", models.Weak), recursive: true)), folder => ["models", "restore", "--registry", Path.Combine(folder, "registry"), "--from", Path.Combine(folder, "backup")]),
        "restore the log" => new(name, folder => Backup(folder, () => Flip(Path.Combine(folder, "registry/audit.jsonl"))), folder => ["models", "restore", "--registry", Path.Combine(folder, "registry"), "--from", Path.Combine(folder, "backup")]),
        _ => new(name, folder => Registry(folder, [models.Weak], models.Weak), folder => ["train", "--config", models.Config, "--trees", "3", "--model", Path.Combine(folder, "m.onnx"), "--runs", Path.Combine(folder, "runs"), "--mlflow", Path.Combine(folder, "mlruns"), "--registry", Path.Combine(folder, "registry")]),
    };

    private void Registry(string folder, string[] versions, params string[] promoted)
    {
        string registry = Path.Combine(folder, "registry");
        foreach (string version in versions)
            Churn.Run("models", "register", Path.Combine(models.Registry, "versions", version, "model.onnx"), "--registry", registry).Expect(ExitCode.Done);
        foreach (string version in promoted)
            Churn.Run("models", "promote", version, "--registry", registry).Expect(ExitCode.Done);
    }

    private void Backup(string folder, Action damage)
    {
        Registry(folder, [models.Weak, models.Strong], models.Weak, models.Strong);
        Churn.Run("models", "backup", "--registry", Path.Combine(folder, "registry"), "--out", Path.Combine(folder, "backup")).Expect(ExitCode.Done);
        damage();
    }

    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    // Served through the same door as scoring; null where none is promoted.
    private static string? Production(string folder)
    {
        CommandRun run = Churn.Run("explain", "--model", "production", "--registry", Path.Combine(folder, "registry"), "--json");
        if (run.ExitCode == ExitCode.Usage)
        {
            Assert.StartsWith("CE8109", run.LastError, StringComparison.Ordinal);
            return null;
        }
        return run.Expect(ExitCode.Done).Result.GetProperty("version").GetString();
    }

    // Versions and aliases, not the times in the log.
    private static string State(string folder)
    {
        JsonElement listing = Churn.Result("models", "list", "--registry", Path.Combine(folder, "registry"));
        return string.Join("; ", listing.GetProperty("versions").EnumerateArray().Select(row => row.GetProperty("version").GetString()).Order(StringComparer.Ordinal)
            .Concat(listing.GetProperty("aliases").EnumerateArray().Select(alias => $"{alias.GetProperty("alias").GetString()} {alias.GetProperty("version").GetString()}")));
    }
}
