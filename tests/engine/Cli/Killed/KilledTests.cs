using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Killed;

/// <summary>
/// SIGKILL, SIGTERM and Ctrl-C at the instants that the engine itself announces: just before each creation, flush, rename and deletion of a file.
/// After each: no visible file is half-written, an earlier good result is still there, and the rerun gives the same bytes as an undisturbed run, and no leftover.
/// </summary>
public sealed class KilledTests(KillScene scene, ITestOutputHelper output) : IClassFixture<KillScene>
{
    private static readonly string[] s_names = ["generate", "validate", "features", "features --grouped", "train", "evaluate", "score", "score --overwrite", "score --partition", "score --finish", "decide", "demo", "features backfill", "features materialise --overwrite", "features join", "features publish"];

    public static TheoryData<string> Cases => [.. s_names];

    [Fact]
    public void Cases_AreAllListed() => Assert.Equal(s_names, KillCase.All(scene).Select(kill => kill.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Verb_KilledBeforeAnyChangeOfAFile_LosesNothingAndRunsAgain(string name)
    {
        KillCase kill = KillCase.All(scene).Single(each => each.Name == name);
        using var temporary = new TemporaryDirectory();
        var point = new KillPoint(kill, temporary);
        (string[] steps, var before, var after) = Undisturbed(point);
        Assert.Contains(steps, step => step.StartsWith("move ", StringComparison.Ordinal));
        for (int step = 0; step < steps.Length; step += kill.Every)
        {
            string folder = point.Prepare();
            CommandRun run = point.Signal(folder, KillPoint.SigKill, step);
            Check($"killed before step {step} of {steps.Length}, {steps[step]}", run, folder, () =>
            {
                Assert.Equal(128 + KillPoint.SigKill, run.ExitCode);
                AssertNothingLost(kill, folder, before, after);
                Rerun(kill, folder, after);
            });
        }
        output.WriteLine($"{kill}: {steps.Length} steps, killed before each{(kill.Every > 1 ? $" {kill.Every}th" : "")}");
        point.Record(point.Prepare());
        Assert.Empty(point.Orphans());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Verb_StoppedBeforeAChangeOfAFile_CleansUpAndRunsAgain(string name)
    {
        KillCase kill = KillCase.All(scene).Single(each => each.Name == name);
        using var temporary = new TemporaryDirectory();
        var point = new KillPoint(kill, temporary);
        (string[] steps, var before, var after) = Undisturbed(point);
        int stopped = 0;
        for (int step = 0; step < steps.Length; step += 3 * kill.Every)
        {
            string folder = point.Prepare();
            (int signal, int exitCode) = step % 2 == 0 ? (ChurnProcess.SigTerm, ExitCode.Terminated) : (ChurnProcess.SigInt, ExitCode.Interrupted);
            CommandRun run = point.Signal(folder, signal, step);
            Check($"signal {signal} before step {step} of {steps.Length}, {steps[step]}", run, folder, () =>
            {
                // A signal that comes when nothing is left to be called off finds the work done.
                Assert.True(run.ExitCode == exitCode || run.ExitCode == ExitCode.Done, "exit code");
                stopped += run.ExitCode == exitCode ? 1 : 0;
                AssertNothingLost(kill, folder, before, after);
                FolderContent.AssertNothingHalfWritten(folder);
                if (run.ExitCode == ExitCode.Done)
                    AssertSame(after, folder);
                else
                    Rerun(kill, folder, after);
            });
        }
        Assert.True(stopped > 0, "no signal came in time to stop anything");
        output.WriteLine($"{kill}: stopped {stopped} times");
        Assert.Empty(point.Orphans());
    }

    private static (string[] Steps, SortedDictionary<string, string> Before, SortedDictionary<string, string> After) Undisturbed(KillPoint point)
    {
        string folder = point.Prepare();
        SortedDictionary<string, string> before = Content(folder);
        string[] steps = point.Record(folder);
        Assert.NotEmpty(steps);
        return (steps, before, Content(folder));
    }

    private static void AssertNothingLost(KillCase kill, string folder, SortedDictionary<string, string> before, SortedDictionary<string, string> after)
    {
        SortedDictionary<string, string> now = Content(folder);
        foreach ((string file, string content) in now.Where(file => IsVisible(file.Key)))
            Assert.True(content == before.GetValueOrDefault(file) || content == after.GetValueOrDefault(file), $"{file} is neither the old one nor the new one");
        if (kill.ReplacesAll)
            Assert.True(IsWhole(now, before) || IsWhole(now, after) || now.ContainsKey("scores/.next/_SUCCESS"), "no whole result is there");
        else
            Assert.All(before.Keys.Where(IsVisible), file => Assert.True(now.ContainsKey(file), $"{file} is gone"));
    }

    private static bool IsWhole(SortedDictionary<string, string> now, SortedDictionary<string, string> result) =>
        now.ContainsKey("scores/_SUCCESS") && result.All(file => now.GetValueOrDefault(file.Key) == file.Value);

    private static void Rerun(KillCase kill, string folder, SortedDictionary<string, string> after)
    {
        CommandRun again = Churn.Run([.. kill.Line(folder), "--quiet"]);
        if (again.ExitCode != ExitCode.Usage || !kill.RefusesItsOwnResult)
            again.Expect(ExitCode.Done);
        AssertSame(after, folder);
    }

    private static void AssertSame(SortedDictionary<string, string> after, string folder) => Assert.Equal(after, Content(folder));

    // Timings are in run.json, of a slice in run-1-of-2.json, and nowhere else.
    private static SortedDictionary<string, string> Content(string folder)
    {
        SortedDictionary<string, string> content = FolderContent.Of(folder);
        foreach (string timing in content.Keys.Where(name => Path.GetFileName(name) is ['r', 'u', 'n', .., '.', 'j', 's', 'o', 'n']).ToArray())
            content[timing] = "";
        // The record of a run carries its time and id in its name; RegistryKilledTests looks at those.
        foreach (string record in content.Keys.Where(name => name.Split('/').Contains("runs")).ToArray())
            content.Remove(record);
        return content;
    }

    private static bool IsVisible(string path) => !path.EndsWith('/') && !path.Split('/').Any(name => name.StartsWith('.') || name == "_partial");

    private static void Check(string when, CommandRun run, string folder, Action check)
    {
        try
        {
            check();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{when}: {failure.Message}\n{run}\nleft: {string.Join(", ", FolderContent.Of(folder).Keys)}", failure);
        }
    }
}
