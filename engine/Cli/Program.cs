using System.CommandLine;

namespace ChurnEngine.Cli;

/// <summary>The command <c>churn</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => Run(arguments, Console.Out, Console.Error);

    /// <summary>Runs a command line against the given streams; the tests enter here.</summary>
    internal static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Churn predictions from raw events: train, score, decide. Standard output is data, standard error is progress.");
        var host = new VerbHost(root);
        Verb[] verbs =
        [
            new GenerateVerb(), new ValidateVerb(), new FeaturesVerb(), new TrainVerb(), new EvaluateVerb(), new ScoreVerb(), new DecideVerb(), new DemoVerb(), new DoctorVerb(),
        ];
        foreach (Verb verb in verbs)
            root.Subcommands.Add(verb.Build(host));

        ParseResult parsed = root.Parse(arguments);
        var streams = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        bool asksForHelp = parsed.Action is not null && parsed.Action.ClearsParseErrors;
        if (parsed.Errors.Count > 0 && !asksForHelp)
            return VerbHost.Fail(parsed.CommandResult.Command.Name, Explain(parsed, root), parsed.GetValue(host.Json), output, error);
        return parsed.Invoke(streams);
    }

    private static Columns.ChurnConfigException Explain(ParseResult parsed, RootCommand root)
    {
        if (parsed.CommandResult.Command == root)
        {
            string[] verbs = [.. root.Subcommands.Select(verb => verb.Name)];
            return parsed.UnmatchedTokens.Count > 0 ? CliErrors.UnknownVerb(parsed.UnmatchedTokens[0], verbs) : CliErrors.BadCommandLine($"a verb is needed: {string.Join(", ", verbs)}");
        }
        if (parsed.UnmatchedTokens.Count > 0)
        {
            IEnumerable<string> options = parsed.CommandResult.Command.Options.Concat(root.Options.Where(option => option.Recursive)).Select(option => option.Name);
            return CliErrors.UnknownOption(parsed.UnmatchedTokens[0], parsed.CommandResult.Command.Name, options);
        }
        return CliErrors.BadCommandLine(parsed.Errors[0].Message.TrimEnd('.'));
    }
}
