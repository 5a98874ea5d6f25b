using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>All stages in two builds, what was seen again in a second run, and the verdict.</summary>
internal sealed record GuardVerdict(IReadOnlyList<StageComparison> Stages, IReadOnlyList<StageComparison> Confirmed)
{
    /// <summary>True when a stage is worse in the first run and in the second.</summary>
    public bool IsAlarm => Confirmed.Any(stage => stage.IsWorse);

    /// <summary>Compares every stage; those that look worse are run again, twice as long, and only what is worse again counts.</summary>
    public static GuardVerdict Reach(StageDuel duel, GuardSettings settings, CancellationToken cancellation)
    {
        var first = new List<StageComparison>();
        foreach (string stage in settings.Stages)
        {
            Console.Error.WriteLine($"comparing {stage}");
            first.Add(duel.Run(stage, settings, cancellation));
        }
        var confirmed = new List<StageComparison>();
        foreach (StageComparison suspect in first.Where(stage => stage.IsWorse))
        {
            Console.Error.WriteLine($"{suspect.Stage} looks worse ({Numbers.Ratio(suspect.Ratio.Value, suspect.Ratio.Range)}); running it again to be sure");
            confirmed.Add(duel.Run(suspect.Stage, settings with { Launches = 2 * settings.Launches }, cancellation));
        }
        return new GuardVerdict(first, confirmed);
    }

    public void Print(IAnsiConsole console, string baseName)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("stage");
        foreach (string heading in new[] { "seconds", $"time / {baseName}", "allocated", $"allocated, {baseName}" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        table.AddColumn("verdict");
        foreach (StageComparison stage in Stages)
        {
            StageComparison? again = Confirmed.FirstOrDefault(one => one.Stage == stage.Stage);
            table.AddRow(stage.Stage, Numbers.Seconds(stage.Seconds), Numbers.Ratio(stage.Ratio.Value, stage.Ratio.Range), Numbers.Bytes(stage.AllocatedBytes), Numbers.Bytes(stage.BaseAllocatedBytes), Word(again));
        }
        console.Write(table);
        console.WriteLine(IsAlarm ? $"worse than {baseName}: {string.Join(", ", Confirmed.Where(stage => stage.IsWorse).Select(stage => stage.Stage))}" : $"nothing is more than 10% slower than {baseName} or allocates more, beyond noise");
    }

    /// <summary>The comparison as results.</summary>
    public IEnumerable<ResultEntry> Entries(string baseName) => Stages.Select(stage => new ResultEntry
    {
        Name = stage.Stage,
        Unit = "s",
        Value = stage.Seconds,
        Baseline = baseName,
        Ratio = stage.Ratio.Value,
        RatioInterval = stage.Ratio.Range,
        AllocatedBytes = stage.AllocatedBytes,
        Note = Word(Confirmed.FirstOrDefault(one => one.Stage == stage.Stage)),
    });

    private static string Word(StageComparison? again) => again switch
    {
        null => "ok",
        { IsSlower: true, AllocatesMore: true } => $"SLOWER, again {Numbers.Ratio(again.Ratio.Value, again.Ratio.Range)}, and ALLOCATES MORE",
        { IsSlower: true } => $"SLOWER, again {Numbers.Ratio(again.Ratio.Value, again.Ratio.Range)}",
        { AllocatesMore: true } => "ALLOCATES MORE",
        _ => $"ok: not seen again, {Numbers.Ratio(again.Ratio.Value, again.Ratio.Range)}",
    };
}
