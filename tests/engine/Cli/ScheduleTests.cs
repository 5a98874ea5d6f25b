using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ChurnEngine.TestKit;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Cli.Tests;

/// <summary>The examples for schedulers: each is well-formed by its own rules, and each command line is one that <c>churn</c> takes.</summary>
public sealed partial class ScheduleTests
{
    private static readonly (int Least, int Most)[] s_cronFields = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];

    private static string Folder => Path.Combine(Repository.Root, "engine", "Cli", "Schedules");

    [Fact]
    public void Readme_ListsEveryFile()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "README.md"));
        Assert.All(Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)!).Where(name => name != "README.md"), name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Readme_Sections_AreAProjectThatReads()
    {
        string yaml = string.Join('\n', File.ReadAllLines(Path.Combine(Folder, "README.md")).Where(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line[4..]));
        Assert.Contains("retrain:", yaml, StringComparison.Ordinal);
        using var folder = new TemporaryDirectory();
        Churn.Run("generate", "--customers", "50", "--months", "2", "--out", folder["world"], "--quiet").Expect(ExitCode.Done);
        File.AppendAllText(folder["world/churn.yaml"], "\n" + yaml + "\n");
        Churn.Run("run", "--config", folder["world/churn.yaml"], "--dry-run").Expect(ExitCode.Done);
    }

    [Fact]
    public void Cron_Line_HasFiveFieldsAUserAndACommand()
    {
        string[] lines = [.. File.ReadAllLines(Path.Combine(Folder, "churn.cron")).Where(line => line.Length > 0 && line[0] != '#')];
        string[] settings = [.. lines.Where(line => Setting().IsMatch(line))], jobs = [.. lines.Except(settings)];
        Assert.Contains(settings, line => line.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.All(jobs, line =>
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach ((string field, (int least, int most)) in words.Zip(s_cronFields))
                Assert.All(field.Split(',', '-').Where(part => part != "*"), part => Assert.InRange(int.Parse(part, System.Globalization.CultureInfo.InvariantCulture), least, most));
            Assert.Matches("^[a-z][a-z0-9-]*$", words[5]);
            AssertParses(words[6..Array.IndexOf(words, ">>")]);
        });
        Assert.Single(jobs);
        // cron cuts a line at a percent sign, and wants the last one ended.
        Assert.DoesNotContain('%', jobs[0]);
        Assert.EndsWith("\n", File.ReadAllText(Path.Combine(Folder, "churn.cron")), StringComparison.Ordinal);
    }

    [Fact]
    public void Systemd_ExecStart_IsACommandLineOfChurn()
    {
        string command = File.ReadAllLines(Path.Combine(Folder, "churn.service")).Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];
        AssertParses(command.Split(' '));
    }

    [Fact]
    public void Systemd_Units_AreVerifiedBySystemd()
    {
        const string Program = "/usr/bin/systemd-analyze";
        Assert.SkipUnless(File.Exists(Program), "needs systemd-analyze");
        using var folder = new TemporaryDirectory();
        foreach (string unit in new[] { "churn.service", "churn.timer" })
            folder.Write(unit, File.ReadAllText(Path.Combine(Folder, unit)).Replace("/usr/local/bin/churn", "/bin/true", StringComparison.Ordinal));
        Assert.Equal("", Verify(folder["churn.service"], folder["churn.timer"]));
        // It does see a mistake.
        folder.Write("bad.service", File.ReadAllText(folder["churn.service"]).Replace("Type=oneshot", "Type=sometimes", StringComparison.Ordinal));
        Assert.NotEqual("", Verify(folder["bad.service"]));

        static string Verify(params string[] units)
        {
            using var process = Process.Start(new ProcessStartInfo(Program, ["verify", "--man=no", .. units]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            string said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            // Other units of the machine that it reads on the way may have faults of their own.
            return string.Join('\n', said.Split('\n').Where(line => line.Contains("churn", StringComparison.Ordinal) || line.Contains("bad.service", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("churn-cronjob.yaml", "CronJob")]
    [InlineData("churn-score-slices.yaml", "Job")]
    public void Kubernetes_Manifest_NamesWhatItMounts_AndACommandLineOfChurn(string name, string kind)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, name))));
        YamlNode root = Assert.Single(stream.Documents).RootNode;
        Assert.Equal(("batch/v1", kind), (Text(root, "apiVersion"), Text(root, "kind")));
        YamlNode job = kind == "CronJob" ? At(root, "spec", "jobTemplate", "spec") : At(root, "spec");
        YamlNode pod = At(job, "template", "spec");
        // What a failure policy asks for, and an indexed job that starts its pods anew.
        Assert.Equal("Never", Text(pod, "restartPolicy"));
        YamlNode container = Assert.Single(((YamlSequenceNode)At(pod, "containers")).Children);
        string[] volumes = Names(At(pod, "volumes")), mounts = Names(At(container, "volumeMounts"));
        Assert.Equal(volumes, mounts);
        string[] command = [.. ((YamlSequenceNode)At(container, "command")).Select(word => word.ToString())];
        AssertParses(command);
        if (kind == "CronJob")
        {
            Assert.Equal("Forbid", Text(root, "spec", "concurrencyPolicy"));
            Assert.Equal(5, Text(root, "spec", "schedule").Split(' ').Length);
            YamlNode rule = ((YamlSequenceNode)At(job, "podFailurePolicy", "rules"))[0];
            Assert.Equal(Text(container, "name"), Text(rule, "onExitCodes", "containerName"));
            int[] final = [.. ((YamlSequenceNode)At(rule, "onExitCodes", "values")).Select(value => int.Parse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture))];
            Assert.Equal([ExitCode.GateSaidNo, ExitCode.Usage, ExitCode.BadInput, ExitCode.Bug], final);
            return;
        }
        Assert.Equal("Indexed", Text(job, "completionMode"));
        Assert.Contains($"auto/{Text(job, "completions")}", command);
    }

    private static YamlNode At(YamlNode node, params string[] path) => path.Aggregate(node, (at, key) => at[key]);

    private static string Text(YamlNode node, params string[] path) => At(node, path).ToString();

    private static string[] Names(YamlNode list) => [.. ((YamlSequenceNode)list).Select(item => Text(item, "name")).Order(StringComparer.Ordinal)];

    private static void AssertParses(string[] words)
    {
        Assert.Equal("churn", Path.GetFileName(words[0]));
        ParseResult parsed = Program.Create().Root.Parse(words[1..]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(words[1], parsed.CommandResult.Command.Name);
    }

    [GeneratedRegex("^[A-Z]+=")]
    private static partial Regex Setting();
}
