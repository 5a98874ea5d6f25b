using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>The options of <c>churn monitor</c> that watch a prediction log in the place of customers.</summary>
internal sealed class LogFlags
{
    public Option<string?> Log { get; } = new("--log") { Description = "Watch the prediction log of `churn serve`, in the place of customers: features and scores as they were served, by arm.", HelpName = "DIR" };

    public Option<string?> Since { get; } = new("--since") { Description = "With --log: predictions from then on. Default: from the first.", HelpName = "DATE" };

    public Option<string?> Until { get; } = new("--until") { Description = "With --log: predictions before then. Default: to the last.", HelpName = "DATE" };

    public Option<string?> Outcomes { get; } = new("--outcomes") { Description = "With --log: table of what came of customers (the customer; as_of of the prediction, or its day; churned or stayed), where no project tells it by --labels.", HelpName = "FILE" };

    /// <summary>What was asked of a log; null where none was named.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="others">Options that say nothing of a log.</param>
    public LogRequest? Read(VerbContext context, params Option[] others)
    {
        if (context.Get(Log) is not { } folder)
            return new Option[] { Since, Until, Outcomes }.FirstOrDefault(context.Wrote) is { } alone ? throw CliErrors.BadCommandLine($"{alone.Name} belongs to --log") : null;
        if (others.FirstOrDefault(context.Wrote) is { } other)
            throw CliErrors.BadCommandLine($"{other.Name} says nothing of a log: --log stands in the place of customers");
        return new LogRequest
        {
            Folder = folder,
            Since = SharedOptions.Instant(Since.Name, context.Get(Since)),
            Until = SharedOptions.Instant(Until.Name, context.Get(Until)),
            Outcomes = context.Get(Outcomes),
            Now = (TimeProvider.System.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        };
    }
}
