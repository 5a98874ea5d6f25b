using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ChurnEngine.Columns;
using ChurnEngine.Telemetry;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>A command line that works, and what it does.</summary>
internal sealed record Example(string Does, string CommandLine);

/// <summary>What a verb found out: data for <c>--json</c>, and how to print it for a person.</summary>
internal sealed record VerbResult(object Data, Action<IAnsiConsole> Print)
{
    public int ExitCode { get; init; } = Cli.ExitCode.Done;

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What stopped a part of the work, of which the rest was done all the same; null when nothing did. Printed as an error that ends a verb is.</summary>
    public Exception? Failure { get; init; }
}

/// <summary>What a verb may use while it runs.</summary>
internal sealed record VerbContext(ParseResult Arguments, JobBudget Budget, IProgress<StepProgress> Progress, CancellationToken Cancellation)
{
    /// <summary>Where spans and metrics go; null when the environment names no collector.</summary>
    public Traces? Traces { get; init; }

    /// <summary>The table of a search on standard error; silent where nothing is to be shown.</summary>
    public required TrialBoard Board { get; init; }

    public T? Get<T>(Option<T> option) => Arguments.GetValue(option);

    public T Require<T>(Argument<T> argument) => Arguments.GetRequiredValue(argument);

    public T Require<T>(Option<T> option) => Arguments.GetRequiredValue(option);

    /// <summary>True when the user wrote the option, rather than its default standing in.</summary>
    public bool Wrote(Option option) => Arguments.GetResult(option) is { Implicit: false };
}

/// <summary>One word of the command line: its options, its help with examples, and what it does.</summary>
internal abstract class Verb
{
    protected Verb(string name, string summary) => Command = new Command(name, summary);

    protected Command Command { get; }

    protected abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>Verbs below this one, such as <c>churn features join</c>.</summary>
    protected virtual IReadOnlyList<Verb> Subverbs => [];

    /// <summary>Examples, for the help of the verb above.</summary>
    public IReadOnlyList<Example> ExamplesBelow => Examples;

    protected abstract VerbResult Run(VerbContext context);

    /// <summary>The command for the parser, ready to run.</summary>
    /// <param name="host">Runs it.</param>
    /// <param name="above">Name of the verb above; empty for none.</param>
    public Command Build(VerbHost host, string above = "")
    {
        string name = $"{above} {Command.Name}".TrimStart();
        Command.Options.Add(new HelpOption { Action = new HelpWithExamples(this) });
        Command.SetAction(arguments => host.Run(name, arguments, Run));
        foreach (Verb below in Subverbs)
            Command.Subcommands.Add(below.Build(host, name));
        return Command;
    }

    protected T Add<T>(T option) where T : Option
    {
        Command.Options.Add(option);
        return option;
    }

    /// <summary>Adds a word that stands without a name, behind the verb.</summary>
    protected Argument<T> Add<T>(Argument<T> argument)
    {
        Command.Arguments.Add(argument);
        return argument;
    }

    private sealed class HelpWithExamples(Verb verb) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            new HelpAction().Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (Example example in verb.Examples)
            {
                output.WriteLine($"  # {example.Does}");
                output.WriteLine($"  {example.CommandLine}");
            }
            output.WriteLine();
            return Cli.ExitCode.Done;
        }
    }
}
