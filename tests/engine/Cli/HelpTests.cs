using System.CommandLine;

namespace ChurnEngine.Cli.Tests;

/// <summary>The help of every verb, and that what it shows works.</summary>
public sealed class HelpTests
{
    private static readonly string[] s_verbs = ["generate", "validate", "features", "train", "evaluate", "explain", "score", "decide", "monitor", "run", "serve", "models", "runs", "audit", "demo", "doctor"];
    private static readonly string[] s_below = ["features explain", "features materialise", "features backfill", "features join", "features publish", "features get", "models list", "models show", "models register", "models promote", "models rollback", "models history", "models diff", "models verify", "models backup", "models restore", "runs list", "runs show", "runs compare", "audit leakage", "audit fairness"];

    public static TheoryData<string> Verbs => [.. s_verbs, .. s_below];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_OfAVerb_HasOptionsAndExamples(string verb)
    {
        foreach (string help in (string[])["--help", "-h"])
        {
            CommandRun run = Churn.Run([.. verb.Split(' '), help]).Expect(ExitCode.Done);
            Assert.All(["Usage:", "Options:", "--json", "--threads", "Examples:", $"  churn {verb}"], part => Assert.Contains(part, run.Output, StringComparison.Ordinal));
            Assert.Empty(run.Error);
        }
    }

    [Fact]
    public void Help_OfTheCommand_ListsEveryVerb()
    {
        CommandRun run = Churn.Run("--help").Expect(ExitCode.Done);
        Assert.All(s_verbs, verb => Assert.Contains($"  {verb} ", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_OfAVerbWithVerbsBelow_ListsThem() => Assert.All(s_below, verb =>
        Assert.Contains($"  {verb.Split(' ')[1]}", Churn.Run(verb.Split(' ')[0], "--help").Expect(ExitCode.Done).Output, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_EveryExample_Parses(string verb)
    {
        string[] examples = [.. Churn.Run([.. verb.Split(' '), "--help"]).Output.Split('\n').SkipWhile(line => line != "Examples:").Where(line => line.StartsWith("  churn ", StringComparison.Ordinal))
            .SelectMany(line => line.Split("&&", StringSplitOptions.TrimEntries))];
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            string[] words = example.Split(' ')[1..];
            ParseResult parsed = Program.Create().Root.Parse(words);
            Assert.Empty(parsed.Errors);
            Assert.Contains(parsed.CommandResult.Command.Name, words.Take(2));
        });
    }

    [Fact]
    public void Help_BesideAMistake_IsShown()
    {
        CommandRun run = Churn.Run("train", "--lable", "x", "--help").Expect(ExitCode.Done);
        Assert.Contains("--label <COLUMN>", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_IsOneLine()
    {
        CommandRun run = Churn.Run("--version").Expect(ExitCode.Done);
        Assert.StartsWith(VerbHost.Version, run.Output, StringComparison.Ordinal);
        Assert.Single(run.Output.TrimEnd().Split('\n'));
    }
}
