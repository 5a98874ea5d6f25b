using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli.Doctor;

/// <summary>A project's data: can every source be read, and is there room for it in memory and, for what does not fit there, in the temporary folder.</summary>
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
        if (unread is not null)
            return [unread];
        var rows = RowRequirement.Of(sources, steps.Budget.MemoryBytes);
        return [.. sources.Select(Describe), Memory(sources, rows), Spill(rows), Copies(sources)];
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

    private Finding Memory(IReadOnlyList<SourceInspection> sources, RowRequirement rows)
    {
        long budget = steps.Budget.MemoryBytes, offered = MemoryProbe.OfferedBytes, free = MemoryProbe.FreeBytes;
        bool spills = rows.SpilledBytes > 0;
        // What does not fit goes to disk, so that the job's own budget is what it takes.
        long wanted = IdleBytes + (spills ? Math.Min(rows.MemoryBytes, budget) : rows.MemoryBytes);
        Standing standing = wanted > offered ? Standing.Missing : wanted > free ? Standing.Warning : Standing.Good;
        return new Finding("project.memory", "memory for it", standing,
            $"about {ByteSize.Format(wanted)}: {ByteSize.Format(rows.MemoryBytes)} for {sources.Sum(source => source.Rows):N0} rows{(spills ? $", which do not fit into half of a job's {ByteSize.Format(budget)} and go to disk," : "")} and {ByteSize.Format(IdleBytes)} besides; "
            + $"{ByteSize.Format(offered)} offered, {ByteSize.Format(free)} free now, {ByteSize.Format(budget)} in a job's budget")
        {
            Needs = Need.MemoryForSources,
            Hint = standing switch
            {
                Standing.Missing => "give less with --memory: rows that do not fit into half of it go to disk",
                Standing.Warning => "wait for other jobs to end, or give less with --memory, so that rows go to disk",
                _ => "",
            },
            Details = new Dictionary<string, object> { ["wanted_bytes"] = wanted, ["rows_bytes"] = rows.MemoryBytes, ["budget_bytes"] = budget, ["offered_bytes"] = offered, ["free_bytes"] = free },
        };
    }

    private static Finding Spill(RowRequirement rows)
    {
        (long free, string kind) = TemporaryDisk();
        bool isTight = free >= 0 && rows.SpilledBytes > free, isShort = free >= 0 && rows.LeastSpilledBytes > free;
        bool isMemory = rows.SpilledBytes > 0 && kind is "tmpfs" or "ramfs";
        string[] hints =
        [
            .. isTight ? ["make room there, set TMPDIR to a folder on a larger disk, or give more with --memory"] : Array.Empty<string>(),
            .. isMemory ? ["the temporary folder lives in memory, so what is put there costs what it should save: set TMPDIR to a disk"] : Array.Empty<string>(),
        ];
        return new Finding("project.spill", "disk for rows", isShort ? Standing.Missing : hints.Length > 0 ? Standing.Warning : Standing.Good,
            rows.SpilledBytes == 0 ? "none is needed: they fit into memory" : $"about {ByteSize.Format(rows.SpilledBytes)} in {Path.GetTempPath()}, {(free < 0 ? "unknown room" : $"{ByteSize.Format(free)} free, {kind}")}")
        {
            Needs = Need.MemoryForSources,
            Hint = string.Join("; ", hints),
            Details = new Dictionary<string, object> { ["disk_bytes"] = rows.SpilledBytes, ["least_disk_bytes"] = rows.LeastSpilledBytes, ["free_bytes"] = free, ["file_system"] = kind },
        };
    }

    private static Finding Copies(IReadOnlyList<SourceInspection> sources)
    {
        long text = sources.Sum(source => source.TextBytes);
        long free = TemporaryDisk().Free;
        bool isShort = free >= 0 && text > free;
        return new Finding("project.copies", "disk for copies", isShort ? Standing.Warning : Standing.Good,
            text == 0 ? "none is needed: no source is text" : $"at most {ByteSize.Format(text)} in {Path.GetTempPath()}, {(free < 0 ? "unknown room" : $"{ByteSize.Format(free)} free")}")
        {
            Needs = Need.TemporaryFolder,
            Hint = isShort ? "text with mixed line ends is copied there while it is read: set TMPDIR to a disk with more room, or bring Parquet" : "",
            Details = new Dictionary<string, object> { ["text_bytes"] = text, ["free_bytes"] = free },
        };
    }

    private static (long Free, string Kind) TemporaryDisk()
    {
        try
        {
            var drive = new DriveInfo(Path.GetTempPath());
            return (drive.AvailableFreeSpace, drive.DriveFormat);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (-1, "unknown file system");
        }
    }

    private static string Folder(string file) => Path.GetDirectoryName(file)!;
}
