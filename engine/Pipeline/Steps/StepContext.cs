using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>What every step may use: threads and memory, a way to tell how far it is, a way to be stopped, and the stage table.</summary>
/// <param name="Budget">Threads and memory.</param>
/// <param name="Progress">Told how far a step is; may be null.</param>
/// <param name="Cancellation">Stops the step; nothing half-written stays.</param>
public sealed record StepContext(JobBudget Budget, IProgress<StepProgress>? Progress, CancellationToken Cancellation)
{
    private readonly List<string> _warnings = [];

    /// <summary>Folder that keeps the tables grouped by customer from one job to the next; null keeps nothing.</summary>
    public string? Grouped { get; init; }

    /// <summary>Told of every trial of a search that is done; may be null.</summary>
    public IProgress<TrialUpdate>? Trials { get; init; }

    /// <summary>Stages timed so far.</summary>
    public StageLog Stages { get; } = new(Budget.MemoryBytes);

    /// <summary>What the user should know, one sentence each, each once.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Adds a warning, unless it was said before.</summary>
    public void Warn(string warning)
    {
        if (!_warnings.Contains(warning))
            _warnings.Add(warning);
    }

    /// <summary>Adds several warnings.</summary>
    internal void Warn(IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
            Warn(warning);
    }

    /// <summary>Opens a session for reading and writing tables.</summary>
    /// <param name="settings">Limits and quarantine.</param>
    /// <param name="baseDirectory">What a relative quarantine folder starts from.</param>
    public IngestSession OpenIngest(IngestSettings settings, string baseDirectory) => new(new IngestOptions
    {
        Budget = Budget,
        BadShareLimit = settings.BadShareLimit,
        QuarantineDirectory = Path.GetFullPath(settings.Quarantine, baseDirectory),
    });

    /// <summary>Adds a warning for every table of which rows were refused or optional columns were absent. The label may be: whoever needs it says so.</summary>
    internal void NoteRefusals(IngestSession session, string? label)
    {
        foreach (TableReport report in session.Reports)
        {
            if (report.RowsRefused > 0)
                Warn($"table '{report.Table}': {report.RowsRefused:N0} of {report.RowsRead:N0} rows were refused, first {report.FirstRefusal}{(report.QuarantineFile is { } file ? $"; all are in {file}" : "")}");
            string[] missing = [.. report.MissingOptionalColumns.Where(column => column != label)];
            if (missing.Length > 0)
                Warn($"table '{report.Table}' lacks {string.Join(", ", missing)}: taken as missing in every row");
        }
    }
}
