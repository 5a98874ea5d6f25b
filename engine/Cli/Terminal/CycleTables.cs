using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what a cycle did, a line a stage, and what was decided about a challenger.</summary>
internal static class CycleTables
{
    public static void Print(IAnsiConsole console, CycleReport report)
    {
        foreach (CycleStageReport stage in report.Stages)
        {
            console.WriteLine($"{stage.Stage,-9} {Word(stage)}: {(stage.Outcome == CycleStageReport.NoOp ? $"nothing changed since: {stage.Note}" : stage.Error ?? stage.Note)}");
            foreach (string alarm in stage.Alarms)
                console.WriteLine($"{"",-9} alarm, {alarm}");
        }
        if (report.Alerts is { } alerts)
            AlertLines.Print(console, alerts);
        if (report.Retrain is { } retrain)
            Print(console, retrain);
        console.WriteLine($"as of {report.AsOf ?? "the end of the data"}, model {report.Model ?? "none yet"}; how far the cycle is: {report.State}");
    }

    public static void Print(IAnsiConsole console, RetrainReport report)
    {
        console.WriteLine($"retrain, {report.Decision}: {report.Why}");
        foreach (GateReport gate in report.Gates)
            console.WriteLine($"{(gate.Passed ? "passed " : "REFUSED")}  {gate.Gate}: {gate.Why}");
        if (report.Training is { } training)
            console.WriteLine($"challenger {training.Version}: {training.Size}, {training.Design}");
    }

    private static string Word(CycleStageReport stage) => stage.Outcome.Replace('_', ' ');
}
