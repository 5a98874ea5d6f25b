using System.Text.Json;
using System.Text.RegularExpressions;
using ChurnEngine.Cli.Tests.Cycle;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Killed;

/// <summary>
/// SIGKILL at instants spread over a whole cycle, before changes of files that the engine announces. After each: production is a whole model, the one before or the one after; the same command
/// again does what is missing, and leaves what an undisturbed cycle leaves.
/// </summary>
public sealed partial class CycleKilledTests(CycleProject project, ITestOutputHelper output) : IClassFixture<CycleProject>
{
    private const int Spread = 12;

    [Theory]
    [InlineData("the first model")]
    [InlineData("a challenger takes over")]
    public void Run_KilledAtAnyInstant_ComesToTheSame(string name)
    {
        bool takesOver = name != "the first model";
        using var temporary = new TemporaryDirectory();
        string scene = temporary["scene"];
        if (takesOver)
            Churn.Run("run", "--config", project.Put(scene, late: false, CycleProject.Weak + CycleProject.Registry), "--quiet");
        project.Put(scene, late: takesOver, (takesOver ? CycleProject.Strong : CycleProject.Weak) + CycleProject.Registry + (takesOver ? "monitor: { retrain: { when: always, promote: true } }\n" : ""));
        var kill = new KillCase(name, folder => FolderContent.Copy(scene, Path.Combine(folder, "p")), folder => ["run", "--config", Path.Combine(folder, "p", "churn.yaml")]);
        var point = new KillPoint(kill, temporary);
        string work = point.Prepare();
        string? before = takesOver ? CycleProject.Alias(Config(work), "production") : null;
        string[] steps = point.Record(work, ExitCode.Done, ExitCode.GateSaidNo);
        (SortedDictionary<string, string> files, string registry) = (Files(work), State(work));
        string after = CycleProject.Alias(Config(work), "production")!;
        Assert.NotEqual(before, after);
        // Over the whole of it, and around the moves of aliases, where the next command finds one half done.
        int[] instants = [.. Enumerable.Range(0, Spread).Select(i => (int)((i + 0.5) * steps.Length / Spread)).Concat(Enumerable.Range(0, steps.Length - 1).Where(i => steps[i].Contains("/aliases/", StringComparison.Ordinal))
            .SelectMany(i => (int[])[i, i + 1])).Distinct().Order()];
        Assert.True(instants.Length > Spread, string.Join('\n', steps));
        int resumed = 0;
        foreach (int step in instants)
        {
            string folder = point.Prepare(), when = $"{name}: killed before step {step} of {steps.Length}, {steps[step]}";
            CommandRun run = point.Signal(folder, KillPoint.SigKill, step);
            Assert.True(run.ExitCode == 128 + KillPoint.SigKill, $"{when}\n{run}");
            try
            {
                if (Directory.Exists(Path.Combine(folder, "p", "registry", "versions")))
                    Assert.Contains(CycleProject.Alias(Config(folder), "production"), (string?[])[before, after]);
                CommandRun again = Churn.Run([.. kill.Line(folder), "--json"]);
                Assert.True(again.ExitCode is ExitCode.Done or ExitCode.GateSaidNo, again.ToString());
                resumed += CycleProject.Outcomes(again).ContainsValue("no_op") ? 1 : 0;
                Assert.Equal(registry, State(folder));
                Assert.Equal(files, Files(folder));
                FolderContent.AssertNothingHalfWritten(folder);
                Churn.Run("models", "verify", "--config", Config(folder)).Expect(ExitCode.Done);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{when}: {failure.Message}", failure);
            }
        }
        Assert.True(resumed > instants.Length / 3, $"only {resumed} reruns found a stage done");
        output.WriteLine($"{name}: {steps.Length} steps, killed before {instants.Length} of them; {resumed} reruns found stages done");
    }

    private static string Config(string folder) => Path.Combine(folder, "p", "churn.yaml");

    // Names and content, but for what carries a time or an id: records of runs, the registry's log and what points into it, and timings; of what alerts were told all but the clock.
    private static SortedDictionary<string, string> Files(string folder)
    {
        SortedDictionary<string, string> content = FolderContent.Of(folder);
        foreach (string name in content.Keys.Where(name => name.Split('/') is var parts && (parts.Contains("runs") || parts.Contains("registry") || parts[^1] == "run.json")).ToArray())
            content.Remove(name);
        foreach (string name in content.Keys.Where(name => name.EndsWith("/alerts.json", StringComparison.Ordinal)).ToArray())
            content[name] = ClockOrHash().Replace(File.ReadAllText(Path.Combine(folder, name)), "");
        return content;
    }

    private static string State(string folder)
    {
        JsonElement listing = Churn.Result("models", "list", "--config", Config(folder));
        return string.Join("; ", listing.GetProperty("versions").EnumerateArray().Select(row => row.GetProperty("version").GetString()).Order(StringComparer.Ordinal)
            .Concat(listing.GetProperty("aliases").EnumerateArray().Select(alias => $"{alias.GetProperty("alias").GetString()} {alias.GetProperty("version").GetString()}"))
            .Concat(CycleProject.Decisions(Config(folder)).Select(line => line.Split(':')[0])));
    }

    [GeneratedRegex("\"sha256\": \"[0-9a-f]*\"|\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^\"]*\"")]
    private static partial Regex ClockOrHash();
}
