using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>Results as Markdown: each table under a line that says machine, commit and day. Empty where nothing was measured.</summary>
internal static class ResultTables
{
    /// <summary>Stages by size of the world.</summary>
    /// <param name="file">Results of a machine.</param>
    /// <param name="largestOnly">True: each stage at its largest size alone.</param>
    public static string Stages(ResultFile file, bool largestOnly)
    {
        var table = new MarkdownTable("step", " customers", " rows", " seconds", " rows/s", " share of the limit", "limit", " allocated", " peak memory");
        List<SuiteRun> used = [];
        foreach (StageEntry stage in StageCatalog.All)
        {
            IEnumerable<(SuiteRun Run, ResultEntry Entry)> sizes = Entries(file, "pipeline").Where(one => one.Entry.Name == stage.Name && one.Entry.Unit == "rows/s").OrderBy(one => Customers(one.Entry));
            foreach ((SuiteRun run, ResultEntry entry) in largestOnly ? sizes.TakeLast(1) : sizes)
            {
                used.Add(run);
                table.Add($"{stage.Name}: {stage.Does}", Whole(Customers(entry)), Whole(entry.Rows ?? 0), Numbers.Seconds(entry.Seconds ?? 0), Numbers.Rate(entry.Value), Numbers.Share(entry.LimitShare), entry.Limit ?? "", Numbers.Bytes(entry.AllocatedBytes), Numbers.Bytes(entry.PeakMemoryBytes));
            }
        }
        return Under($"Stages, each alone in a process of its own, on generated customers (`bench pipeline`): {Where(file, used)}", table);
    }

    /// <summary>How stages grow.</summary>
    public static string Growth(ResultFile file)
    {
        var table = new MarkdownTable("stage by what grows", " from", " to", " exponent of the time (1 is linear)");
        List<SuiteRun> used = [];
        foreach ((SuiteRun run, ResultEntry entry) in Entries(file, "pipeline").Where(one => one.Entry.Unit == "exponent"))
        {
            used.Add(run);
            table.Add(entry.Name, Count(entry.Parameters.GetValueOrDefault("from")), Count(entry.Parameters.GetValueOrDefault("to")), Numbers.Ratio(entry.Value, entry.Interval));
        }
        return Under($"Growth: {Where(file, used)}", table);
    }

    /// <summary>Kernels: time at the widest instruction set, ratio to the scalar form at each.</summary>
    public static string Kernels(ResultFile file)
    {
        (SuiteRun Run, ResultEntry Entry)[] all = [.. Entries(file, "kernels")];
        string[] tiers = [.. all.Select(one => one.Entry.Parameters["tier"]).Distinct()];
        var table = new MarkdownTable(["kernel", "setting", .. tiers.Take(1).Select(tier => $" ns a row, {tier}"), " share of the limit", "limit", " allocated", .. tiers.Select(tier => $" time / scalar, {tier}")]);
        foreach (var kernel in all.GroupBy(one => (one.Entry.Name, Setting(one.Entry, "tier"))))
        {
            ResultEntry widest = kernel.First().Entry;
            IEnumerable<string> ratios = tiers.Select(tier => kernel.FirstOrDefault(one => one.Entry.Parameters["tier"] == tier).Entry).Select(entry => Numbers.Ratio(entry?.Ratio, null));
            table.Add([kernel.Key.Name, kernel.Key.Item2, widest.Value.ToString("G3", CultureInfo.InvariantCulture), Numbers.Share(widest.LimitShare), widest.Limit ?? "", Numbers.Bytes(widest.AllocatedBytes), .. ratios]);
        }
        return Under($"Kernels beside their scalar forms (`bench kernels`): {Where(file, all.Select(one => one.Run))}", table);
    }

    /// <summary>Limits of the machine.</summary>
    public static string Machine(ResultFile file)
    {
        (SuiteRun Run, ResultEntry Entry)[] all = [.. Entries(file, "machine")];
        string[] levels = [.. all.Select(one => one.Entry.Parameters["level"]).Distinct()];
        var table = new MarkdownTable(["limit", "unit", .. levels.Select(level => " " + level)]);
        foreach (IGrouping<string, ResultEntry> row in all.Select(one => one.Entry).GroupBy(entry => entry.Name.Replace($", {entry.Parameters["level"]},", ",", StringComparison.Ordinal)))
            table.Add([row.Key, row.First().Unit == "M/s" ? "million/s" : row.First().Unit, .. levels.Select(level => Numbers.Rate(row.First(entry => entry.Parameters["level"] == level).Value))]);
        return Under($"Limits of the machine (`bench machine`): {Where(file, all.Select(one => one.Run))}", table);
    }

    private static string Measure(ResultEntry entry) => entry.Parameters.GetValueOrDefault("measure", "");

    /// <summary>Ours against others.</summary>
    /// <param name="file">Results of a machine.</param>
    /// <param name="oneMeasure">True: of each case the total alone, or its first measure where there is none.</param>
    public static string Peers(ResultFile file, bool oneMeasure)
    {
        var table = new MarkdownTable("task", "case", "measure", "against", " ours", " ours / theirs, below 1 is better");
        List<SuiteRun> used = [];
        var cases = Entries(file, "peers").Where(one => one.Entry.Ratio is not null).GroupBy(one => $"{one.Entry.Name} {Setting(one.Entry, "measure", "program")} {one.Entry.Baseline}");
        foreach ((SuiteRun run, ResultEntry entry) in cases.SelectMany(measures => measures.OrderByDescending(one => oneMeasure && Measure(one.Entry) == "total").Take(oneMeasure ? 1 : int.MaxValue)))
        {
            used.Add(run);
            table.Add(entry.Name, Setting(entry, "measure", "program"), Measure(entry), entry.Baseline ?? "", $"{Numbers.Rate(entry.Value)} {entry.Unit}", Numbers.Ratio(entry.Ratio, entry.RatioInterval));
        }
        return Under($"Peers, equal options, interleaved rounds (`bench peers`): {Where(file, used)}", table);
    }

    private static IEnumerable<(SuiteRun Run, ResultEntry Entry)> Entries(ResultFile file, string suite) =>
        file.Runs.Where(run => run.Suite == suite).SelectMany(run => run.Entries.Select(entry => (run, entry)));

    // Which code on what machine: without it a number is no result.
    private static string Where(ResultFile file, IEnumerable<SuiteRun> runs)
    {
        MachineInfo machine = file.Machine;
        string[] commits = [.. runs.Distinct().Select(run => $"commit {run.Commit}{(run.Dirty ? " with changes" : "")}{(run.Quick ? ", a short run" : "")}, {run.Date[..10]}").Distinct()];
        return $"{machine.Cores} cores of {machine.Cpu}, {machine.InstructionSet}, {machine.MemoryGb.ToString(CultureInfo.InvariantCulture)} GB, {machine.Runtime}; {string.Join("; ", commits)}.";
    }

    private static string Under(string line, MarkdownTable table) => table.IsEmpty ? "" : $"{line}\n\n{table}";

    private static string Setting(ResultEntry entry, params string[] without) =>
        string.Join(", ", entry.Parameters.Where(parameter => !without.Contains(parameter.Key)).Select(parameter => $"{parameter.Key} {parameter.Value}"));

    private static long Customers(ResultEntry entry) => long.Parse(entry.Parameters.GetValueOrDefault("customers", "0"), CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString("#,##0", CultureInfo.InvariantCulture);

    private static string Count(string? text) => double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value.ToString("#,##0", CultureInfo.InvariantCulture) : "";
}
