using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ChurnEngine.Bench;

internal sealed class KernelsCommand : BenchCommand
{
    private readonly Option<bool> _quick;
    private readonly Option<string> _filter;

    public KernelsCommand() : base("kernels", "Every kernel against its scalar form, in one run. The ratio is the result.")
    {
        _quick = Add(new Option<bool>("--quick") { Description = "Short runs: they show a direction and support no claim." });
        _filter = Add(new Option<string>("--filter") { Description = "Which benchmarks, as BenchmarkDotNet spells it.", DefaultValueFactory = _ => "*", HelpName = "PATTERN" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("every kernel, about ten minutes", "kernels"),
        new("a rough look at one", "kernels --quick --filter '*Histogram*'"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        // In process: the benchmark sees the very assemblies that were built, wherever their outputs lie.
        Job job = (arguments.GetValue(_quick) ? Job.ShortRun : Job.MediumRun.WithLaunchCount(1)).WithToolchain(InProcessEmitToolchain.Instance);
        IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(ConsoleLogger.Default).AddExporter(MarkdownExporter.GitHub)
            .AddColumnProvider(DefaultColumnProviders.Instance).AddDiagnoser(MemoryDiagnoser.Default).WithArtifactsPath("artifacts/bench");
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(["--filter", arguments.GetValue(_filter)!], config);
        return 0;
    }
}
