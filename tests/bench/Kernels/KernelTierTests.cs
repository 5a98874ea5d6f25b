using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ChurnEngine.TestKit;
using ChurnEngine.Tiers;

namespace ChurnEngine.Bench.Tests;

/// <summary>Every kernel's tests once more at every narrower instruction set of this machine, in processes that refuse to run at any other.</summary>
public partial class KernelTierTests
{
    public static TheoryData<string> Tiers => [.. InstructionTier.Here.Select(tier => tier.Name)];

    [Theory]
    [MemberData(nameof(Tiers))]
    public void KernelTests_AtAnInstructionSet_Pass(string name)
    {
        InstructionTier tier = InstructionTier.Here.Single(one => one.Name == name);
        foreach (IGrouping<string, string> project in KernelSources.All.SelectMany(kernel => KernelSources.TestsOf(KernelSources.NameOf(kernel))).Distinct().GroupBy(Project))
        {
            (int exitCode, string output) = RunTests(project.Key, [.. project.Select(Path.GetFileNameWithoutExtension).OfType<string>()], name, tier.Switches);
            Assert.True(exitCode == 0, $"{project.Key} at {name}:\n{output}");
            Assert.True(int.Parse(Total().Match(output).Groups[1].Value, CultureInfo.InvariantCulture) > 0, output);
        }
    }

    // The proof that the tests above can fail: meant for no intrinsics, started without the switch.
    [Fact]
    public void KernelTests_WithoutTheSwitch_RefuseToRun()
    {
        (int exitCode, string output) = RunTests("Trainer.Tests", ["HistogramKernelTests"], "none", new Dictionary<string, string>());
        Assert.NotEqual(0, exitCode);
        Assert.Contains("meant for none", output, StringComparison.Ordinal);
    }

    private static string Project(string testFile)
    {
        for (DirectoryInfo? folder = new FileInfo(Path.Combine(Repository.Root, testFile)).Directory; folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.Tests.csproj").FirstOrDefault() is { } project)
                return Path.GetFileNameWithoutExtension(project.Name);
        }
        throw new InvalidOperationException($"{testFile} belongs to no test project");
    }

    private static (int ExitCode, string Output) RunTests(string project, string[] classes, string tier, IReadOnlyDictionary<string, string> switches)
    {
        // artifacts/bin/PROJECT/CONFIGURATION, beside our own.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        string program = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"ChurnEngine.{project}.dll");
        Assert.True(File.Exists(program), $"{program} is not built: add {project} to KernelTests in tests/bench/Bench.Tests.csproj");
        string names = project[..^".Tests".Length];
        var start = new ProcessStartInfo("dotnet", [program, "-noColor", .. classes.SelectMany(one => new[] { "-class", $"ChurnEngine.{names}.Tests.{one}" })]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[ExpectedTier.Variable] = tier;
        foreach ((string name, string value) in switches)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    [GeneratedRegex(@"Total: (\d+), Errors: 0, Failed: 0")]
    private static partial Regex Total();
}
