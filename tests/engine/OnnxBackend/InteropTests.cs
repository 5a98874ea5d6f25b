using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ChurnEngine.Models;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>The exported file in runtimes and checkers that know nothing of us.</summary>
public sealed class InteropTests
{
    private const string DebianPython = "/usr/bin/python3";
    private static readonly string[] Shapes = ["numeric and categorical", "one to three leaves", "no trees", "500 categories", "200 trees"];

    [Theory]
    [InlineData("onnxruntime-node", OnnxProfile.Default)]
    [InlineData("onnxruntime-node", OnnxProfile.Compatible)]
    [InlineData("onnxruntime-web", OnnxProfile.Default)]
    [InlineData("onnxruntime-web", OnnxProfile.Compatible)]
    public void ExportedFile_InJavaScript_GivesTheSameProbabilities(string runtime, OnnxProfile profile)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.Root, "tests", "node_modules", runtime)), $"needs tests/node_modules/{runtime}, which `dotnet build` fetches with npm");
        foreach (string shape in Shapes)
        {
            using var folder = new TemporaryDirectory();
            ChurnModel model = RandomModels.Create(13, SampleShapes.All[shape]);
            float[] rows = RandomModels.Rows(14, model, 1500);
            ModelFile.Save(model, folder["model.onnx"], rows, profile);
            File.WriteAllBytes(folder["rows.bin"], MemoryMarshal.AsBytes<float>(rows));

            string script = Path.Combine(Repository.Root, "tests", "interop", "predict.mjs");
            (int exitCode, string output) = Run("node", script, runtime, folder["model.onnx"], folder["rows.bin"],
                model.Ensemble.FeatureCount.ToString(CultureInfo.InvariantCulture), folder["out.bin"]);
            Assert.True(exitCode == 0, output);

            float[] values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder["out.bin"])).ToArray();
            Assert.Equal(3000, values.Length);
            Outputs.Of(new WalkBackend(model), rows).AssertNear(new Outputs(values[..1500], values[1500..]), 1e-6f, $"{runtime}, {shape}");
        }
    }

    [Fact]
    public void ExportedFile_CompatibleProfile_PassesTheOnnxChecker()
    {
        Assert.SkipUnless(File.Exists(DebianPython) && Run(DebianPython, "-c", "import onnx").ExitCode == 0,
            $"needs python3-onnx for {DebianPython}, which is absent");
        foreach (string shape in SampleShapes.All.Keys)
        {
            using var folder = new TemporaryDirectory();
            ChurnModel model = RandomModels.Create(15, SampleShapes.All[shape]);
            ModelFile.Save(model, folder["model.onnx"], ReadOnlySpan<float>.Empty, OnnxProfile.Compatible);
            (int exitCode, string output) = Run(DebianPython, Path.Combine(Repository.Root, "tests", "interop", "check.py"), folder["model.onnx"]);
            Assert.True(exitCode == 0, $"{shape}: {output}");
        }
    }

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
