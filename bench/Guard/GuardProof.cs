using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>Shows that the guard sees a kernel that does 15% more, and that it says nothing about a tree that did not change.</summary>
internal static class GuardProof
{
    private const string Planted = "kernel:HistogramKernel";

    // A kernel, a stage of many small steps, a stage bound by files and a native library: few, since all must run eleven times.
    private static readonly string[] s_stages = [Planted, "ingest", "train"];

    public static int Run(GuardSettings settings, int unchangedRuns, CancellationToken cancellation)
    {
        GuardSettings proof = settings with { Stages = s_stages, Rounds = Math.Min(settings.Rounds, 3) };
        string world = new StageCache(proof.Options("ingest")).World();
        using var unchanged = BuiltTree.OfTheseSources("unchanged", "", cancellation);
        using var slower = BuiltTree.OfTheseSources("planted", "PlantedSlowdown=true", cancellation);

        var caught = GuardVerdict.Reach(new StageDuel(slower.Program, unchanged.Program, world), proof with { Stages = [Planted, "train"] }, cancellation);
        caught.Print(BenchConsole.Out, unchanged.Name);
        // The whole verdict counts, as it does for the unchanged trees below: a guard run of the planted build must fail. The kernel's own
        // processes alone may straddle the line, since 15% more work is hardly more than the 10% that a change may cost.
        string[] by = [.. caught.Confirmed.Where(stage => stage.IsSlower).Select(stage => $"{stage.Stage} {Numbers.Ratio(stage.Ratio.Value, null)}")];
        BenchConsole.Out.WriteLine(by.Length > 0 ? $"planted slowdown of 15%: caught, by {string.Join(", ", by)}" : "planted slowdown of 15%: NOT CAUGHT");

        int alarms = 0;
        for (int run = 1; run <= unchangedRuns; run++)
        {
            var quiet = GuardVerdict.Reach(new StageDuel(StageProcess.ThisProgram, unchanged.Program, world), proof, cancellation);
            alarms += quiet.IsAlarm ? 1 : 0;
            IEnumerable<string> ratios = quiet.Stages.Select(stage => $"{stage.Stage} {Numbers.Ratio(stage.Ratio.Value, null)}");
            BenchConsole.Out.WriteLine($"unchanged tree, run {run} of {unchangedRuns}: {(quiet.IsAlarm ? "FALSE ALARM" : "no alarm")}; {quiet.Confirmed.Count} run again; {string.Join(", ", ratios)}");
        }
        BenchConsole.Out.WriteLine($"{alarms} false alarms in {unchangedRuns} runs");
        return by.Length > 0 && alarms == 0 ? 0 : 1;
    }
}
