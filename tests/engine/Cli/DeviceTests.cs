using ChurnEngine.Cli.Tests.Doctor;
using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Where the model runs: what the options and the project say, and what the doctor says of it.</summary>
public sealed class DeviceTests(SmallProject small)
{
    [Fact]
    public void Doctor_OnThisMachine_SaysWhichDeviceAndWhy()
    {
        var found = new Diagnosis(Churn.Run("doctor", "--json").Expect(ExitCode.Done));
        CudaState cuda = CudaState.Look();
        Assert.Equal($"{(cuda.IsUsable ? "cuda" : "cpu")}: {cuda.Reason}", found.Found("gpu.use"));
        Assert.Equal(cuda is { IsUsable: false, IsExpected: true } ? "warning" : "note", found.Standing("gpu.use"));
    }

    [Fact]
    public void Score_OnCudaWhereItCannotBeHad_SaysWhyAndWritesNothing()
    {
        CudaState cuda = CudaState.Look();
        Assert.SkipWhen(cuda.IsUsable, "CUDA can be had here");
        using var folder = new TemporaryDirectory();
        CommandRun run = Churn.Run("score", "--config", small.Config, "--model", small.Model, "--out", folder["scores"], "--device", "cuda").Expect(ExitCode.Usage);
        Assert.StartsWith("CE5106 --device cuda cannot be had: expected a GPU that ONNX Runtime can use, got " + cuda.Reason, run.LastError, StringComparison.Ordinal);
        Assert.Contains("--device auto", run.LastError, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["scores"]));
        Assert.StartsWith("CE5106 ", Churn.Run("evaluate", "--config", small.Config, "--model", small.Model, "--device", "cuda").Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_DeviceOfTheProject_CountsUnlessTheFlagSaysOtherwise()
    {
        Assert.SkipWhen(CudaState.Look().IsUsable, "CUDA can be had here");
        using var folder = new TemporaryDirectory();
        foreach (string file in Directory.GetFiles(small.World, "*", SearchOption.AllDirectories))
        {
            string copy = folder[Path.GetRelativePath(small.World, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        string config = folder[Path.GetFileName(small.Config)];
        File.WriteAllText(config, File.ReadAllText(config).Replace("score: {", "score: { device: cuda,", StringComparison.Ordinal));
        Assert.Contains("device: cuda", File.ReadAllText(config), StringComparison.Ordinal);
        Assert.StartsWith("CE5106 ", Churn.Run("score", "--config", config, "--model", small.Model, "--out", folder["scores"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Assert.StartsWith("CE5106 ", Churn.Run("evaluate", "--config", config, "--model", small.Model).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Churn.Run("score", "--config", config, "--model", small.Model, "--out", folder["scores"], "--device", "cpu").Expect(ExitCode.Done);
        // The walk knows no device, and a project may say what its other runs use.
        Churn.Run("score", "--config", config, "--model", small.Model, "--out", folder["walk"], "--backend", "walk").Expect(ExitCode.Done);
    }

    [Fact]
    public void TensorForm_OfATrainedModel_GivesTheScoresThatWereWritten()
    {
        (ChurnModel model, float[] rows, _) = FeatureRows.Of(small.TableModel, small.Table);
        AssertSame(model, rows);
    }

    /// <summary>Opening proves the golden rows; all rows of the table follow.</summary>
    internal static void AssertSame(ChurnModel model, float[] rows)
    {
        int count = rows.Length / model.Ensemble.FeatureCount;
        float[] expected = new float[count], actual = new float[count], margin = new float[count];
        using IModelBackend onnx = OnnxModelBackend.Open(model);
        using OnnxModelBackend tensor = OnnxModelBackend.OpenTensorForm(model);
        onnx.Predict(rows, expected, margin);
        tensor.Predict(rows, actual, margin);
        for (int row = 0; row < count; row++)
            Assert.True(Math.Abs(expected[row] - actual[row]) <= 1e-6f, $"row {row}: expected {expected[row]}, got {actual[row]}");
    }
}
