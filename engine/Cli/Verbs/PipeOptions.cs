using System.CommandLine;
using ChurnEngine.Pipeline;
using Microsoft.Win32.SafeHandles;

namespace ChurnEngine.Cli;

/// <summary><c>churn score --stdin --stdout</c>: Arrow IPC streams in and out, so that a pipe or Spark's mapInArrow can drive it.</summary>
internal sealed class PipeOptions
{
    public Option<bool> Stdin { get; } = new("--stdin") { Description = "Read the rows of a plain table from standard input, as an Arrow IPC stream; together with --stdout." };

    public Option<bool> Stdout { get; } = new("--stdout") { Description = "Write the scores to standard output, as an Arrow IPC stream: a batch for each that came, in its order, key first. Exit code 141 when its reader closes it early." };

    /// <summary>True when both were given.</summary>
    public bool IsWanted(VerbContext context)
    {
        (bool input, bool output) = (context.Get(Stdin), context.Get(Stdout));
        return input == output ? input : throw CliErrors.BadCommandLine($"{(input ? Stdin.Name : Stdout.Name)} needs {(input ? Stdout.Name : Stdin.Name)} beside it");
    }

    /// <summary>Refuses options that mean nothing to a pipe.</summary>
    public static void Refuse(VerbContext context, params ReadOnlySpan<Option> others)
    {
        foreach (Option option in others)
        {
            if (context.Wrote(option))
                throw CliErrors.BadCommandLine($"{option.Name} means nothing to --stdin --stdout");
        }
        if (context.Arguments.GetValue<bool>("--json"))
            throw CliErrors.BadCommandLine("--json would mix with the stream that --stdout writes; what there is to say goes to standard error");
    }

    /// <summary>Scores from standard input to standard output; says how many rows it were on standard error.</summary>
    public static VerbResult Run(ModelChoice model, StreamRequest request, StepContext steps, VerbContext context)
    {
        if (!Console.IsInputRedirected || !Console.IsOutputRedirected)
            throw CliErrors.BadCommandLine("--stdin and --stdout carry Arrow streams, and one of them is a terminal");
        // The console's own stream says nothing when the reader of a pipe is gone, and a job would go on for nobody.
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read);
        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        PipedReport report = StreamStep.Run((input, output), model, request, steps);
        if (!report.ReaderLeft && !context.Arguments.GetValue<bool>("--quiet"))
            context.Arguments.InvocationConfiguration.Error.WriteLine($"{report.Rows:N0} rows in {report.Batches:N0} batches{(report.LeftOut > 0 ? $"; {report.LeftOut:N0} more were scored and left out by the condition" : "")}");
        return new VerbResult(report, _ => { }) { ExitCode = report.ReaderLeft ? ExitCode.ReaderLeft : ExitCode.Done, Warnings = steps.Warnings };
    }
}
