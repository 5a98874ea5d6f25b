using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class DoctorVerb : Verb
{
    private sealed record Check(string What, bool Good, string Found, string Hint);

    public DoctorVerb() : base("doctor", "Look at this machine: processor, memory, native libraries, folders. Exit code 1 when something is missing.")
    {
    }

    protected override IReadOnlyList<Example> Examples => [new("is this machine ready?", "churn doctor")];

    protected override VerbResult Run(VerbContext context)
    {
        Check[] checks = [Runtime(), Processor(), Memory(context), Library("ONNX Runtime", () => OnnxModelBackend.RuntimeVersion), Library("DuckDB", () => NativeTables.LibraryVersion), TemporaryFolder()];
        return new VerbResult(new { Version = VerbHost.Version, Checks = checks }, console =>
        {
            Table table = new Table().Border(TableBorder.Simple).AddColumn("check").AddColumn("").AddColumn("found").AddColumn("what to do");
            foreach (Check check in checks)
                table.AddRow(check.What, check.Good ? "ok" : "MISSING", Markup.Escape(check.Found), check.Good ? "" : Markup.Escape(check.Hint));
            console.Write(table);
        })
        { ExitCode = checks.All(check => check.Good) ? ExitCode.Done : ExitCode.GateSaidNo };
    }

    private static Check Runtime() => new(".NET", Environment.Version.Major >= 10, RuntimeInformation.FrameworkDescription, "install the .NET 10 SDK");

    private static Check Processor()
    {
        string vectors = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "no wide vectors";
        return new("processor", true, $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}, {vectors}", "");
    }

    private static Check Memory(VerbContext context)
    {
        const long Least = 512L << 20;
        long offered = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new("memory", offered >= Least, $"{ByteSize.Format(offered)} offered, jobs stay below {ByteSize.Format(context.Budget.MemoryBytes)}", "give the container at least 512 MB");
    }

    private static Check Library(string name, Func<string> version)
    {
        try
        {
            return new(name, true, version(), "");
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            return new(name, false, error.GetBaseException().Message, "build again with npm present, or with -p:Packages=nuget");
        }
    }

    private static Check TemporaryFolder()
    {
        string folder = Path.GetTempPath();
        try
        {
            string probe = Path.Combine(folder, $"churn-doctor-{Environment.ProcessId}");
            File.WriteAllText(probe, "x");
            File.Delete(probe);
            return new("temporary folder", true, $"{folder}, {ByteSize.Format(new DriveInfo(folder).AvailableFreeSpace)} free", "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new("temporary folder", false, error.Message, "set TMPDIR to a folder that this user may write");
        }
    }
}
