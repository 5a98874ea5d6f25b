using System.Text.Json;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>What is too good to be true stops the training of a project, and is remembered when the user overrules it.</summary>
public sealed class LeakageTests(SmallProject small)
{
    private const string Reason = "the farewell call is known by then";

    [Fact]
    public void Train_FeatureThatAnnouncesTheLabel_IsStoppedByTheGate()
    {
        using var folder = new TemporaryDirectory();
        string config = LeakingProject.Write(folder);
        CommandRun run = Churn.Run("train", "--config", config, "--model", folder["out/model.onnx"]).Expect(ExitCode.GateSaidNo);
        Assert.StartsWith("CE8001 leakage suspected", run.LastError, StringComparison.Ordinal);
        Assert.All(["farewells_7d", "AUC", "--allow-leakage"], part => Assert.Contains(part, run.LastError, StringComparison.Ordinal));
        Assert.Empty(run.Output);
        Assert.False(Directory.Exists(folder["out"]));

        CommandRun json = Churn.Run("train", "--config", config, "--model", folder["out/model.onnx"], "--json").Expect(ExitCode.GateSaidNo);
        Assert.Equal("CE8001", json.Envelope.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public void Train_AlarmOverruled_KeepsTheReasonInTheModel()
    {
        using var folder = new TemporaryDirectory();
        string config = LeakingProject.Write(folder);
        JsonElement training = Churn.Result("train", "--config", config, "--model", folder["model.onnx"], "--allow-leakage", Reason).GetProperty("training");
        Assert.Contains(training.GetProperty("overruled_alarms").EnumerateArray(), alarm => alarm.GetString()!.Contains("farewells_7d", StringComparison.Ordinal) && alarm.GetString()!.Contains(Reason, StringComparison.Ordinal));
        Assert.Equal(Reason, ModelFile.Load(folder["model.onnx"]).Metadata.TrainerOptions["AllowLeakage"]);

        CommandRun text = Churn.Run("train", "--config", config, "--model", folder["model.onnx"], "--allow-leakage", Reason).Expect(ExitCode.Done);
        Assert.Contains("overruled: ", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithoutTheLeak_Passes()
    {
        using var folder = new TemporaryDirectory();
        string config = LeakingProject.Write(folder);
        FolderContent.Edit(config, "kind = farewell\"", "kind = nothing\"");
        JsonElement training = Churn.Result("train", "--config", config, "--model", folder["model.onnx"]).GetProperty("training");
        Assert.Equal(0, training.GetProperty("overruled_alarms").GetArrayLength());
        Assert.False(ModelFile.Load(folder["model.onnx"]).Metadata.TrainerOptions.ContainsKey("AllowLeakage"));
    }

    [Fact]
    public void TrainTable_CopyOfTheLabel_WarnsOnly()
    {
        using var folder = new TemporaryDirectory();
        string[] rows = File.ReadAllLines(small.Table);
        File.WriteAllLines(folder["t.csv"], rows.Select((row, i) => i == 0 ? row + ",left" : row + (row.EndsWith(",yes", StringComparison.Ordinal) ? ",1" : ",0")));
        CommandRun run = Churn.Run("train", "--table", folder["t.csv"], "--id", "id", "--label", "Churn", "--cv", "2", "--trees", "5", "--model", folder["m.onnx"]).Expect(ExitCode.Done);
        Assert.Contains("warning: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("left", string.Join('\n', run.Error.Split('\n').Where(line => line.StartsWith("warning: ", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.DoesNotContain("make sure that it was known", Churn.Run("train", "--table", small.Table, "--id", "id", "--label", "Churn", "--cv", "2", "--trees", "5", "--model", folder["m.onnx"]).Error, StringComparison.Ordinal);
    }
}
