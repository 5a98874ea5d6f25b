using System.CommandLine;
using Spectre.Console;

namespace ChurnEngine.Bench;

internal sealed class MachineCommand : BenchCommand
{
    private readonly Option<string?> _out;

    public MachineCommand() : base("machine", "The limits of this machine, measured in some seconds: bandwidth, random reads, scatter-adds, by level of memory, on one core and on all.") =>
        _out = Add(new Option<string?>("--out", "-o") { Description = "File for the results. Default: artifacts/bench/machine.json, where the other commands look for limits.", HelpName = "FILE" });

    protected override IReadOnlyList<Example> Examples =>
    [
        new("measure; later commands show throughputs as shares of these", "machine"),
        new("elsewhere", "machine --out /tmp/machine.json"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        SuiteRun run = MachineMeasurement.Run(cancellation);
        Print(BenchConsole.Out, run);
        ResultFile.Save(run, arguments.GetValue(_out));
        return 0;
    }

    private static void Print(IAnsiConsole console, SuiteRun run)
    {
        MachineInfo machine = MachineInfo.Read();
        console.WriteLine($"{machine.Cpu}, {machine.Cores} cores, {machine.MemoryGb} GB, {machine.InstructionSet}, {machine.Runtime}; load {run.LoadAtStart:F2} at the start");
        Table table = new Table().Border(TableBorder.Simple).AddColumn("limit").AddColumn("unit");
        foreach (string level in MachineMeasurement.Levels)
            table.AddColumn(new TableColumn(level).RightAligned());
        foreach (var row in run.Entries.GroupBy(entry => (Operation: entry.Name[..entry.Name.IndexOf(',', StringComparison.Ordinal)], Cores: entry.Name.EndsWith("all cores", StringComparison.Ordinal))))
        {
            bool isLatency = row.Key is (MachineLimit.ChainedRead, false);
            string[] cells = [.. MachineMeasurement.Levels.Select(level => row.First(entry => entry.Parameters["level"] == level).Value).Select(value => isLatency ? $"{1000 / value:F1}" : value < 100 ? $"{value:F1}" : $"{value:N0}")];
            string[] head = [$"{row.Key.Operation}, {(row.Key.Cores ? "all cores" : "1 core")}", isLatency ? "ns each" : row.First().Unit == "GB/s" ? "GB/s" : "million/s"];
            table.AddRow([.. head, .. cells]);
        }
        console.Write(table);
        console.WriteLine("copy counts bytes read and bytes written; scatter-add at L1 is the histogram of eight features, elsewhere an increment at random");
    }
}
