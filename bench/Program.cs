using System.CommandLine;
using ChurnEngine.Columns;

namespace ChurnEngine.Bench;

/// <summary>The command <c>bench</c>: how fast is it here, how near to the machine's limit, against what, and did a change make it slower.</summary>
internal static class Program
{
    /// <summary>Wrong usage, or something that a command needs is not there.</summary>
    private const int CannotRun = 2;

    private const int Interrupted = 130;

    // Enough to take a worktree away.
    private static readonly TimeSpan s_timeToTidy = TimeSpan.FromSeconds(20);

    private static async Task<int> Main(string[] arguments)
    {
        ParseResult parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action?.ClearsParseErrors != true)
        {
            string command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            await Console.Error.WriteLineAsync($"{parsed.Errors[0].Message} Hint: see bench {command}--help");
            return CannotRun;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = s_timeToTidy });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("interrupted");
            return Interrupted;
        }
        catch (Exception problem) when (problem is BenchException or ChurnException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return CannotRun;
        }
    }

    /// <summary>The program with its commands, one line each.</summary>
    internal static RootCommand Create()
    {
        var root = new RootCommand("Measures ChurnEngine: times belong to the machine, ratios travel.");
        BenchCommand[] commands =
        [
            new KernelsCommand(),
            new MachineCommand(),
            new StageCommand(),
            new PipelineCommand(),
            new ProfileCommand(),
            new LookupCommand(),
            new CustomerCommand(),
            new AllocateCommand(),
            new ServeCommand(),
            new Drift.DriftCommand(),
            new Peers.PeersCommand(),
            new RealData.RealDataCommand(),
            new Accuracy.AccuracyCommand(),
            new Tuning.TuningCommand(),
            new Tuning.FamiliesCommand(),
            new GuardCommand(),
            new ReportCommand(),
        ];
        foreach (BenchCommand command in commands)
            root.Subcommands.Add(command.Build());
        return root;
    }
}
