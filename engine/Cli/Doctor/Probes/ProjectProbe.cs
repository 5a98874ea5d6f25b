using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli.Doctor;

/// <summary>A project's data: can every source be read, and is there room for it in memory and in the temporary folder.</summary>
internal sealed class ProjectProbe(ProjectConfig project, StepContext steps) : IProbe
{
    // A started process with its native libraries, before any row.
    private const long IdleBytes = 256L << 20;

    public string Topic => $"project {project.File}";

    public Need Serves => Need.Sources | Need.MemoryForSources | Need.TemporaryFolder;

    /// <summary>The folders that the project's verbs write to.</summary>
    public static IReadOnlyList<Place> Outputs(ProjectConfig project) =>
    [
        new("project.model_folder", "train.model", Folder(project.Resolve(project.Train.Model)), Need.ModelOutput),
        new("project.scores_folder", "score.out", project.Resolve(project.Score.Out), Need.ScoresOutput),
        new("project.plan_folder", "decisions.out", Folder(project.Resolve(project.Decisions.Out)), Need.PlanOutput),
        new("project.quarantine", "ingest.quarantine", project.Resolve(project.Ingest.Quarantine), Need.Quarantine),
    ];

    public IEnumerable<Finding> Look()
    {
        IReadOnlyList<SourceInspection> sources;
        Finding? unread = null;
        try
        {
            sources = InspectStep.Sources(project, steps);
        }
        catch (ChurnConfigException noLibrary)
        {
            // The library has a finding of its own, which is what stands in the way.
            sources = [];
            unread = new Finding("project.sources", "sources", Standing.Warning, "not looked at") { Needs = Need.Sources, Hint = noLibrary.Message };
        }
        return unread is not null ? [unread] : [.. sources.Select(Describe), Memory(sources), Copies(sources)];
    }

    private static Finding Describe(SourceInspection source)
    {
        string id = $"project.source.{source.Table}", what = $"table {source.Table}";
        if (source.Problem is { } problem)
            return new Finding(id, what, Standing.Missing, (ErrorReport.Of(problem) with { Hint = "" }).ToLine()) { Needs = Need.Sources, Hint = problem.Hint };
        return new Finding(id, what, Standing.Good, $"{(source.RowsAreExact ? "" : "about ")}{source.Rows:N0} rows, {ByteSize.Format(source.Bytes)} in {source.Files:N0} {(source.Files == 1 ? "file" : "files")}, {source.Source}")
        {
            Needs = Need.Sources,
            Details = new Dictionary<string, object> { ["rows"] = source.Rows, ["rows_are_exact"] = source.RowsAreExact, ["bytes"] = source.Bytes, ["files"] = source.Files },
        };
    }

    private Finding Memory(IReadOnlyList<SourceInspection> sources)
    {
        long rows = sources.Sum(source => source.Rows);
        long wanted = IdleBytes + rows * InspectStep.BytesPerRow;
        long offered = MemoryProbe.OfferedBytes, free = MemoryProbe.FreeBytes;
        Standing standing = wanted > offered ? Standing.Missing : wanted > free || wanted > steps.Budget.MemoryBytes ? Standing.Warning : Standing.Good;
        return new Finding("project.memory", "memory for it", standing,
            $"about {ByteSize.Format(wanted)} ({InspectStep.BytesPerRow} bytes for each of {rows:N0} rows and {ByteSize.Format(IdleBytes)} besides); {ByteSize.Format(offered)} offered, {ByteSize.Format(free)} free now, {ByteSize.Format(steps.Budget.MemoryBytes)} in a job's budget")
        {
            Needs = Need.MemoryForSources,
            Hint = standing switch
            {
                Standing.Missing => "take a larger machine, or fewer customers or a shorter history at a time",
                Standing.Warning => "wait for other jobs to end, or give more with --memory",
                _ => "",
            },
            Details = new Dictionary<string, object> { ["wanted_bytes"] = wanted, ["offered_bytes"] = offered, ["free_bytes"] = free },
        };
    }

    private static Finding Copies(IReadOnlyList<SourceInspection> sources)
    {
        long text = sources.Sum(source => source.TextBytes);
        long free = FreeForCopies();
        bool isShort = free >= 0 && text > free;
        return new Finding("project.copies", "disk for copies", isShort ? Standing.Warning : Standing.Good,
            text == 0 ? "none is needed: no source is text" : $"at most {ByteSize.Format(text)} in {Path.GetTempPath()}, {(free < 0 ? "unknown room" : $"{ByteSize.Format(free)} free")}")
        {
            Needs = Need.TemporaryFolder,
            Hint = isShort ? "text with mixed line ends is copied there while it is read: set TMPDIR to a disk with more room, or bring Parquet" : "",
            Details = new Dictionary<string, object> { ["text_bytes"] = text, ["free_bytes"] = free },
        };
    }

    private static long FreeForCopies()
    {
        try
        {
            return new DriveInfo(Path.GetTempPath()).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return -1;
        }
    }

    private static string Folder(string file) => Path.GetDirectoryName(file)!;
}
