using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace ChurnEngine.TestKit;

/// <summary>Programs that know nothing of us and judge what we export; each skips the test, saying why, where it is absent.</summary>
public static class ForeignRuntimes
{
    private const string DebianPython = "/usr/bin/python3";
    private static readonly string s_interop = Path.Combine(Repository.Root, "tests", "interop");

    /// <summary>Runs a model over rows in a JavaScript runtime.</summary>
    /// <param name="runtime">onnxruntime-node or onnxruntime-web.</param>
    /// <param name="modelPath">The ONNX file.</param>
    /// <param name="rows">[N * F] features.</param>
    /// <param name="featureCount">F.</param>
    /// <returns>[N] probabilities and [N] margins.</returns>
    public static (float[] Probability, float[] Margin) Predict(string runtime, string modelPath, float[] rows, int featureCount)
    {
        int count = rows.Length / featureCount;
        float[] values = Outputs(runtime, modelPath, rows, featureCount);
        Assert.Equal(2 * count, values.Length);
        return (values[..count], values[count..]);
    }

    /// <summary>Runs a model of a value over rows in a JavaScript runtime; parameters as of <see cref="Predict"/>.</summary>
    /// <returns>[N] values.</returns>
    public static float[] PredictValues(string runtime, string modelPath, float[] rows, int featureCount)
    {
        float[] values = Outputs(runtime, modelPath, rows, featureCount);
        Assert.Equal(rows.Length / featureCount, values.Length);
        return values;
    }

    // All outputs of the model, one after the other.
    private static float[] Outputs(string runtime, string modelPath, float[] rows, int featureCount)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.Root, "tests", "node_modules", runtime)), $"needs tests/node_modules/{runtime}, which `dotnet build` fetches with npm");
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder["rows.bin"], MemoryMarshal.AsBytes<float>(rows));
        (int exitCode, string output) = Run("node", Path.Combine(s_interop, "predict.mjs"), runtime, modelPath, folder["rows.bin"],
            featureCount.ToString(CultureInfo.InvariantCulture), folder["out.bin"]);
        Assert.True(exitCode == 0, output);
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder["out.bin"])).ToArray();
    }

    /// <summary>Writes a table in another format, as a library that knows nothing of us does.</summary>
    /// <param name="library">polars (nodejs-polars), js (apache-arrow), or js-nested: with columns of types that the engine does not hold beside.</param>
    /// <param name="from">A .csv or .parquet file.</param>
    /// <param name="to">An .arrow (file), .arrows (stream) or .parquet file.</param>
    /// <param name="compression">lz4 or zstd, by polars; null for none.</param>
    public static string WriteTable(string library, string from, string to, string? compression = null)
    {
        string package = library == "polars" ? "nodejs-polars" : "apache-arrow";
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.Root, "tests", "node_modules", package)), $"needs tests/node_modules/{package}, which `dotnet build` fetches with npm");
        string[] arguments = [Path.Combine(s_interop, "arrow-table.mjs"), library, from, to, .. compression is null ? Array.Empty<string>() : [compression]];
        (int exitCode, string output) = Run("node", arguments);
        Assert.True(exitCode == 0, output);
        return to;
    }

    /// <summary>The rows of an Arrow file or stream as lines of CSV, header first, as npm's apache-arrow reads them.</summary>
    public static string[] ReadTable(string path)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.Root, "tests", "node_modules", "apache-arrow")), "needs tests/node_modules/apache-arrow, which `dotnet build` fetches with npm");
        (int exitCode, string output) = Run("node", Path.Combine(s_interop, "arrow-rows.mjs"), path);
        Assert.True(exitCode == 0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Fails when the checker of Debian's onnx package refuses the file.</summary>
    public static void CheckOnnx(string modelPath)
    {
        Assert.SkipUnless(File.Exists(DebianPython) && Run(DebianPython, "-c", "import onnx").ExitCode == 0, $"needs python3-onnx for {DebianPython}, which is absent");
        (int exitCode, string output) = Run(DebianPython, Path.Combine(s_interop, "check.py"), modelPath);
        Assert.True(exitCode == 0, $"{modelPath}: {output}");
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
