using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace ChurnEngine.Bench;

internal sealed class KernelsCommand : BenchCommand
{
    private readonly Option<bool> _quick;
    private readonly Option<string> _filter, _tiers;
    private readonly Option<string?> _out, _child;

    public KernelsCommand() : base("kernels", "Every kernel against its scalar form, in one run, at each instruction set that this machine has. The ratio is the result.")
    {
        _quick = Add(new Option<bool>("--quick") { Description = "Short runs: they show a direction and support no claim." });
        _filter = Add(new Option<string>("--filter") { Description = "Which benchmarks, as BenchmarkDotNet spells it.", DefaultValueFactory = _ => "*", HelpName = "PATTERN" });
        _tiers = Add(new Option<string>("--tiers") { Description = "Instruction sets: all, or widest.", DefaultValueFactory = _ => "all", HelpName = "WHICH" });
        _tiers.AcceptOnlyFromAmong("all", "widest");
        _out = Add(new Option<string?>("--out", "-o") { Description = "File for the results. Default: artifacts/bench/kernels.json.", HelpName = "FILE" });
        // What the command starts for each tier, since the runtime reads its switches once.
        _child = Add(new Option<string?>("--tier") { Hidden = true });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("every kernel at every instruction set, about a quarter of an hour", "kernels"),
        new("a rough look at one", "kernels --quick --tiers widest --filter '*Histogram*'"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        string filter = arguments.GetValue(_filter)!;
        bool quick = arguments.GetValue(_quick);
        if (arguments.GetValue(_child) is { } tier)
        {
            InstructionTier.Require(tier);
            new ResultFile { Machine = MachineInfo.Read(), Runs = [KernelRun.Run(filter, quick)] }.Write(arguments.GetRequiredValue(_out)!);
            return 0;
        }
        var limits = MachineLimits.Load();
        SuiteRun all = SuiteRun.Start("kernels", quick);
        foreach (InstructionTier one in arguments.GetValue(_tiers) == "all" ? InstructionTier.Here : InstructionTier.Here.Take(1))
        {
            cancellation.ThrowIfCancellationRequested();
            all = all with { Entries = [.. all.Entries, .. RunTier(one, filter, quick).Entries.Select(entry => WithShare(entry, limits))] };
        }
        Print(BenchConsole.Out, all);
        ResultFile.Save(all, arguments.GetValue(_out));
        return 0;
    }

    private static SuiteRun RunTier(InstructionTier tier, string filter, bool quick)
    {
        string file = Path.Combine(SourceTree.ResultFolder, $"kernels-{tier.Name}.json");
        var start = new ProcessStartInfo("dotnet", [StageProcess.ThisProgram, "kernels", "--tier", tier.Name, "--filter", filter, "--out", file, .. quick ? ["--quick"] : Array.Empty<string>()]);
        foreach ((string name, string value) in tier.Switches)
            start.Environment[name] = value;
        using Process child = Process.Start(start)!;
        child.WaitForExit();
        return child.ExitCode == 0 ? ResultFile.Read(file).Runs[0] : throw new BenchException($"the benchmarks at {tier.Name} ended with exit code {child.ExitCode}", "see what they said above");
    }

    private static ResultEntry WithShare(ResultEntry entry, MachineLimits limits)
    {
        double units = entry.BytesMoved ?? entry.Rows!.Value;
        return entry with { LimitShare = limits.Share(new LimitedWork(entry.Limit!, units), entry.Seconds!.Value) };
    }

    private static void Print(IAnsiConsole console, SuiteRun run)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("kernel").AddColumn("setting");
        foreach (string heading in new[] { "ns/row", "time / scalar", "share of limit", "allocated" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        table.AddColumn("limit");
        foreach (ResultEntry entry in run.Entries)
        {
            table.AddRow(entry.Name, string.Join(", ", entry.Parameters.Select(parameter => $"{parameter.Key} {parameter.Value}")), $"{entry.Value:G3}", Numbers.Ratio(entry.Ratio, entry.RatioInterval),
                Numbers.Share(entry.LimitShare), Numbers.Bytes(entry.AllocatedBytes), entry.Limit!);
        }
        console.Write(table);
        if (run.Quick)
            console.WriteLine("short runs: they show a direction and support no claim");
    }
}
