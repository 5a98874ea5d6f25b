using System.CommandLine;
using ChurnEngine.Columns;
using ChurnEngine.Telemetry;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Runs a verb: budget, progress, interruption, output in the asked form, and the exit code. The same for every verb.</summary>
internal sealed class VerbHost
{
    private const string Interrupted = "interrupted: nothing half-written was left behind";
    // Each is a thread of the system twice over, ours and DuckDB's; a slip of the finger must not start a million.
    private const int MostThreads = 1024;

    public VerbHost(RootCommand root)
    {
        foreach (Option option in new Option[] { Json, Quiet, Threads, Memory })
        {
            option.Recursive = true;
            root.Options.Add(option);
        }
    }

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object on standard output instead of text." };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress on standard error." };

    public Option<int> Threads { get; } = new("--threads") { Description = "Threads to use at most.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };

    public Option<string?> Memory { get; } = new("--memory") { Description = "Memory to stay below, such as 8GB. Default: three quarters of the machine's.", HelpName = "SIZE" };

    public static string Version { get; } = typeof(VerbHost).Assembly.GetName().Version!.ToString(3);

    public int Run(string command, ParseResult arguments, Func<VerbContext, VerbResult> run)
    {
        bool json = arguments.GetValue(Json);
        TextWriter output = arguments.InvocationConfiguration.Output;
        TextWriter error = arguments.InvocationConfiguration.Error;
        using var interruption = new Interruption();
        try
        {
            VerbResult result;
            bool live = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
            using (var traces = Traces.Start(Version))
            using (var progress = new ProgressDisplay(error, live, arguments.GetValue(Quiet)))
                result = run(new VerbContext(arguments, ReadBudget(arguments), progress, interruption.Token) { Traces = traces, Board = new TrialBoard(error, live, arguments.GetValue(Quiet)) });
            foreach (string warning in result.Warnings)
                error.WriteLine($"warning: {warning}");
            Print(result, command, json, output);
            if (result.Failure is { } failure)
                error.WriteLine(ErrorReport.Of(failure).ToLine());
            return result.ExitCode;
        }
        catch (Exception thrown) when (IsCancellation(thrown, interruption.Token))
        {
            if (json)
                output.WriteLine(new JsonEnvelope { Command = command, Version = Version, ExitCode = interruption.ExitCode, Warnings = [Interrupted] }.ToJson());
            error.WriteLine(Interrupted);
            return interruption.ExitCode;
        }
        catch (Exception thrown)
        {
            Exception cause = thrown is AggregateException { InnerExceptions.Count: > 0 } many ? many.InnerExceptions[0] : thrown;
            return Fail(command, cause, json, output, error);
        }
    }

    // The work is done by now; only its account is lost.
    private static void Print(VerbResult result, string command, bool json, TextWriter output)
    {
        try
        {
            if (json)
                output.WriteLine(new JsonEnvelope { Command = command, Version = Version, ExitCode = result.ExitCode, Result = result.Data, Warnings = result.Warnings, Error = result.Failure is { } failure ? ErrorReport.Of(failure) : null }.ToJson());
            else
                result.Print(OpenConsole(output));
            output.Flush();
        }
        catch (IOException broken)
        {
            throw new IOException($"the command did its work, but standard output cannot be written: {broken.Message}", broken);
        }
    }

    public static int Fail(string command, Exception cause, bool json, TextWriter output, TextWriter error)
    {
        int exitCode = ExitCode.Of(cause);
        ErrorReport report = ErrorReport.Of(cause);
        if (json)
            output.WriteLine(new JsonEnvelope { Command = command, Version = Version, ExitCode = exitCode, Error = report }.ToJson());
        error.WriteLine(report.ToLine());
        if (exitCode == ExitCode.Bug)
            error.WriteLine(cause.StackTrace);
        return exitCode;
    }

    private static bool IsCancellation(Exception thrown, CancellationToken token) =>
        token.IsCancellationRequested && (thrown is OperationCanceledException
            || thrown is AggregateException many && many.InnerExceptions.Any(inner => inner is OperationCanceledException));

    private JobBudget ReadBudget(ParseResult arguments)
    {
        int threads = arguments.GetValue(Threads);
        if (threads is < 1 or > MostThreads)
            throw CliErrors.BadOption("--threads", $"a whole number from 1 to {MostThreads}", threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
        JobBudget budget = new() { Threads = threads };
        return arguments.GetValue(Memory) is { } memory ? budget with { MemoryBytes = ByteSize.Parse("--memory", memory) } : budget;
    }

    // A file or a pipe has no width; a table cut at 80 columns would lose data there.
    private static IAnsiConsole OpenConsole(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
            console.Profile.Width = 200;
        return console;
    }
}
