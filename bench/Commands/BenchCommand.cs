using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ChurnEngine.Bench;

/// <summary>A command line that works, and what it does.</summary>
internal sealed record Example(string Does, string CommandLine);

/// <summary>A command cannot go on: what is wrong, and what to do about it. Ends with exit code 2.</summary>
internal sealed class BenchException(string problem, string hint) : Exception($"{problem}. Hint: {hint}");

/// <summary>One word of <c>bench</c>: its options, its help with examples, and what it does. Results go to standard output, progress to standard error.</summary>
internal abstract class BenchCommand
{
    /// <summary>How the program is called in examples.</summary>
    protected const string Program = "dotnet run -c Release --project bench --";

    protected BenchCommand(string name, string summary) => Command = new Command(name, summary);

    protected Command Command { get; }

    protected abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>Does the work; the return value is the exit code: 0 done, 1 a guard said no.</summary>
    protected abstract int Run(ParseResult arguments, CancellationToken cancellation);

    /// <summary>The command for the parser, ready to run.</summary>
    public Command Build()
    {
        Command.Options.Add(new HelpOption { Action = new HelpWithExamples(this) });
        // Apart from the calling thread, which waits for Ctrl-C meanwhile.
        Command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments, cancellation), CancellationToken.None));
        return Command;
    }

    protected T Add<T>(T option) where T : Option
    {
        Command.Options.Add(option);
        return option;
    }

    /// <summary>Names given one by one or with commas between them.</summary>
    protected static string[] Words(string[]? texts) => [.. (texts ?? []).SelectMany(text => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))];

    private sealed class HelpWithExamples(BenchCommand command) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            new HelpAction().Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (Example example in command.Examples)
            {
                output.WriteLine($"  # {example.Does}");
                output.WriteLine($"  {BenchCommand.Program} {example.CommandLine}");
            }
            output.WriteLine();
            return 0;
        }
    }
}
