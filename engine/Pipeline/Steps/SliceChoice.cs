using System.Globalization;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Which slice of a job this process does: as its user says, or as the scheduler that started it.</summary>
/// <remarks>
/// Slurm arrays: SLURM_ARRAY_TASK_ID less SLURM_ARRAY_TASK_MIN, of SLURM_ARRAY_TASK_COUNT. Open MPI: OMPI_COMM_WORLD_RANK of OMPI_COMM_WORLD_SIZE.
/// Kubernetes indexed jobs: JOB_COMPLETION_INDEX; how many there are it does not say, so <c>--partition auto/N</c> does.
/// </remarks>
internal static class SliceChoice
{
    private const string Option = "--partition", Expected = "i/n with i from 0 to n-1, auto, auto/n, or all";

    /// <summary>Reads the option; null asks the scheduler, and without one does all.</summary>
    /// <param name="text">As written.</param>
    /// <param name="environment">Value of an environment variable; null when it is not set.</param>
    public static Slice Choose(string? text, Func<string, string?> environment)
    {
        if (text == "all")
            return Slice.Whole;
        if (text is not null && Slice.TryParse(text, out Slice written))
            return written;
        int? count = null;
        if (text?.StartsWith("auto/", StringComparison.Ordinal) == true)
            count = int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0 ? n : throw PipelineErrors.BadSlice(Option, Expected, text);
        else if (text is not (null or "auto"))
            throw PipelineErrors.BadSlice(Option, Expected, text);
        Slice? found = OfScheduler(count, environment);
        if (found is null && text is not null)
            throw PipelineErrors.NoScheduler(text);
        return found ?? Slice.Whole;
    }

    private static Slice? OfScheduler(int? count, Func<string, string?> environment)
    {
        if (Number("SLURM_ARRAY_TASK_ID", environment) is { } task)
            return Checked("SLURM_ARRAY_TASK_ID", task - (Number("SLURM_ARRAY_TASK_MIN", environment) ?? 0), count ?? Number("SLURM_ARRAY_TASK_COUNT", environment));
        if (Number("OMPI_COMM_WORLD_RANK", environment) is { } rank)
            return Checked("OMPI_COMM_WORLD_RANK", rank, count ?? Number("OMPI_COMM_WORLD_SIZE", environment));
        if (Number("JOB_COMPLETION_INDEX", environment) is { } index)
            return Checked("JOB_COMPLETION_INDEX", index, count);
        return null;
    }

    private static int? Number(string variable, Func<string, string?> environment)
    {
        if (environment(variable) is not { Length: > 0 } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw PipelineErrors.BadSlice(variable, "a whole number", text);
    }

    // A process that does not know how many siblings it has must not do all their work in silence.
    private static Slice Checked(string variable, int index, int? count)
    {
        if (count is not { } n)
            throw PipelineErrors.UnknownSliceCount(variable);
        return index >= 0 && index < n ? new Slice(index, n) : throw PipelineErrors.BadSlice(variable, $"0 to {n - 1}", index.ToString(CultureInfo.InvariantCulture));
    }
}
