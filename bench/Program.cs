using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ChurnEngine.Bench;

/// <summary>Kernels against their scalar forms, in one run. The ratio is the result; times belong to the machine.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not ["kernels", ..])
        {
            Console.Error.WriteLine("usage: bench kernels [--quick] [--filter PATTERN]\n\n  # every kernel, about ten minutes\n  dotnet run -c Release --project bench -- kernels\n  # a rough look at one\n  dotnet run -c Release --project bench -- kernels --quick --filter '*Histogram*'");
            return arguments is ["--help" or "-h"] ? 0 : 2;
        }
        bool quick = arguments.Contains("--quick");
        // In process: the benchmark sees the very assemblies that were built, wherever their outputs lie.
        Job job = (quick ? Job.ShortRun : Job.MediumRun.WithLaunchCount(1)).WithToolchain(InProcessEmitToolchain.Instance);
        IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(ConsoleLogger.Default).AddExporter(MarkdownExporter.GitHub)
            .AddColumnProvider(DefaultColumnProviders.Instance).AddDiagnoser(MemoryDiagnoser.Default).WithArtifactsPath("artifacts/bench");
        string[] rest = [.. arguments.Skip(1).Where(argument => argument != "--quick")];
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest.Length == 0 ? ["--filter", "*"] : rest, config);
        return 0;
    }
}
