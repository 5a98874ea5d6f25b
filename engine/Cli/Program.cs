using System.CommandLine;
using System.CommandLine.Parsing;

namespace ChurnEngine.Cli;

/// <summary>The command <c>churn</c>.</summary>
internal static class Program
{
    private static readonly Dictionary<Type, string> s_kinds = new()
    {
        [typeof(int)] = "a whole number",
        [typeof(int?)] = "a whole number",
        [typeof(long)] = "a whole number",
        [typeof(ulong?)] = "a whole number, 0 and up",
        [typeof(double?)] = "a number",
    };

    private static int Main(string[] arguments) => Run(arguments, Console.Out, Console.Error);

    /// <summary>Runs a command line against the given streams; the tests enter here.</summary>
    internal static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        (RootCommand root, VerbHost host) = Create();
        ParseResult parsed = root.Parse(arguments);
        var streams = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        bool asksForHelp = parsed.Action is not null && parsed.Action.ClearsParseErrors;
        if (parsed.Errors.Count > 0 && !asksForHelp)
            return VerbHost.Fail(NameOf(parsed, root), Explain(parsed, root), parsed.GetValue(host.Json), output, error);
        return parsed.Invoke(streams);
    }

    /// <summary>The command with its verbs, ready to parse.</summary>
    internal static (RootCommand Root, VerbHost Host) Create()
    {
        var root = new RootCommand("Churn predictions from raw events: train, score, decide. Standard output is data, standard error is progress.");
        var host = new VerbHost(root);
        Verb[] verbs =
        [
            new GenerateVerb(), new ValidateVerb(), new FeaturesVerb(), new TrainVerb(), new EvaluateVerb(), new ExplainVerb(), new ScoreVerb(), new DecideVerb(), new MonitorVerb(), new CycleVerb(), new ServeVerb(), new ModelsVerb(), new RunsVerb(), new AuditVerb(), new DemoVerb(), new DoctorVerb(),
        ];
        foreach (Verb verb in verbs)
            root.Subcommands.Add(verb.Build(host));
        return (root, host);
    }

    // "features join", as the command line has it.
    private static string NameOf(ParseResult parsed, RootCommand root)
    {
        var words = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = at.Parent)
        {
            if (command.Command != root)
                words.Insert(0, command.Command.Name);
        }
        return words.Count == 0 ? root.Name : string.Join(' ', words);
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
            Command command = parsed.CommandResult.Command;
            IEnumerable<string> words = parsed.UnmatchedTokens[0].StartsWith('-') ? [] : command.Subcommands.Select(verb => verb.Name);
            IEnumerable<string> options = command.Options.Concat(root.Options.Where(option => option.Recursive)).Select(option => option.Name).Distinct();
            return CliErrors.UnknownOption(parsed.UnmatchedTokens[0], NameOf(parsed, root), words.Concat(options));
        }
        return Explain(parsed.Errors[0]);
    }

    // The parser's own sentence names a CLR type, or runs over several lines.
    private static Columns.ChurnConfigException Explain(ParseError error)
    {
        if (error.SymbolResult is OptionResult { Tokens.Count: 1 } written && s_kinds.TryGetValue(written.Option.ValueType, out string? kind))
            return CliErrors.BadOption(written.Option.Name, kind, written.Tokens[0].Value);
        return CliErrors.BadCommandLine(string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.'));
    }
}
