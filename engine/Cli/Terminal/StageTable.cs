using ChurnEngine.Columns;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints the stages of a run: rows, seconds, rows a second.</summary>
internal static class StageTable
{
    public static void Print(IAnsiConsole console, StageLog log)
    {
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumn("stage");
        foreach (string heading in new[] { "rows", "seconds", "rows/s" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (StageTime stage in log.Stages)
            table.AddRow(stage.Stage, $"{stage.Rows:N0}", $"{stage.Seconds:F2}", $"{stage.RowsPerSecond:N0}");
        table.AddRow("total", "", $"{log.Stages.Sum(stage => stage.Seconds):F2}", "");
        console.Write(table);
        if (log.Stages.Sum(stage => stage.SpilledBytes) is > 0 and var spilled)
            console.WriteLine($"rows did not fit into half of {ByteSize.Format(log.MemoryBytes)} of memory: {ByteSize.Format(spilled)} were put into {Path.GetTempPath()}");
        console.WriteLine($"peak memory {ByteSize.Format(StageLog.PeakMemoryBytes)}, of which native buffers {ByteSize.Format(NativeLedger.PeakBytes)}");
    }

    /// <summary>Prints where the threads of scoring spent their time.</summary>
    public static void PrintThreads(IAnsiConsole console, ScoreReport report)
    {
        if (report.IdleShare is not { } idle)
            return;
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumn("threads of score").AddColumn(new TableColumn("seconds").RightAligned());
        foreach (StageTime part in report.ThreadTime)
            table.AddRow(part.Stage, $"{part.Seconds:F2}");
        console.Write(table);
        console.WriteLine($"{idle:P1} of the computing threads' time was neither reading nor computing");
    }
}
