using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests;

public class ResultBookTests
{
    private static readonly MachineInfo s_machine = new() { Cpu = "Imagined 9000", Cores = 4, MemoryGb = 7.5, Runtime = ".NET 10.0.0", System = "Linux", InstructionSet = "AVX2" };

    [Fact]
    public void Tables_KnownResults_AreTheseLines()
    {
        using var folder = new TemporaryDirectory();
        Keep(folder, Run("pipeline", Stage("train", 100_000, 2.5), Stage("train", 1_000_000, 30), Stage("ingest", 1_000_000, 4),
            new ResultEntry { Name = "train by rows", Unit = "exponent", Value = 1.04, Interval = new Interval(1, 1.08), Parameters = new Dictionary<string, string> { ["from"] = "20000", ["to"] = "1000000" } }));
        Keep(folder, Run("kernels", Kernel("AVX2", 0.5), Kernel("none", 1)));
        Keep(folder, Run("machine", new ResultEntry { Name = "read, L1, 1 core", Unit = "GB/s", Value = 212.34, Parameters = new Dictionary<string, string> { ["level"] = "L1" } }));
        Keep(folder, Run("peers", Peer("boosting", 0.25), Peer("total", 0.3)));
        var book = ResultBook.Open(folder.Path);

        string brief = book.Short(), full = book.Long();
        Assert.Contains("4 cores of Imagined 9000, AVX2, 7.5 GB, .NET 10.0.0; commit abc, 2026-01-02.", brief, StringComparison.Ordinal);
        Assert.Contains("| train: bin and boost | 1,000,000 | 10,000,000 | 30.0 | 333,000 | 12% | scatter-add, L1, all cores | 5.0 MB | 2.0 GB |", brief, StringComparison.Ordinal);
        Assert.DoesNotContain("| train: bin and boost | 100,000 |", brief, StringComparison.Ordinal);
        Assert.Contains("| train: bin and boost | 100,000 |", full, StringComparison.Ordinal);
        Assert.True(brief.IndexOf("| ingest", StringComparison.Ordinal) < brief.IndexOf("| train", StringComparison.Ordinal), "in flow order");
        Assert.Contains("| train by rows | 20,000 | 1,000,000 | 1.04 (1.00 to 1.08) |", full, StringComparison.Ordinal);
        Assert.Contains("| SomeKernel | Bins 2 | 1.5 | 50% | copy, L2, 1 core | 0 B | 0.50 | 1.00 |", full, StringComparison.Ordinal);
        Assert.Contains("| read, 1 core | GB/s | 212 |", full, StringComparison.Ordinal);
        // The page that users see first has the total of each case, not its parts.
        Assert.Contains("| training | shape 1M | total | XGBoost 1.7.4 |", brief, StringComparison.Ordinal);
        Assert.DoesNotContain("| boosting |", brief, StringComparison.Ordinal);
        Assert.Contains("| training | shape 1M | boosting | XGBoost 1.7.4 | 3.00 s | 0.25 (0.20 to 0.30) |", full, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ShortOrUncommittedRun_IsRefusedUnlessAskedFor()
    {
        using var folder = new TemporaryDirectory();
        string quick = Write(folder, Run("kernels", Kernel("AVX2", 0.5)) with { Quick = true }), dirty = Write(folder, Run("machine", Kernel("AVX2", 0.5)) with { Dirty = true });
        Assert.Contains("a short run", Assert.Throws<BenchException>(() => ResultBook.Add(folder["kept"], quick, anyway: false)).Message, StringComparison.Ordinal);
        Assert.Contains("not commit abc", Assert.Throws<BenchException>(() => ResultBook.Add(folder["kept"], dirty, anyway: false)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["kept"]));
        Assert.EndsWith("imagined-9000-4-cores-avx2.json", ResultBook.Add(folder["kept"], quick, anyway: true), StringComparison.Ordinal);
        Assert.Contains("a short run", ResultBook.Open(folder["kept"]).Long(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_NothingKept_SaySo() => Assert.Contains("No results are recorded yet", ResultBook.Open("/nowhere").Short(), StringComparison.Ordinal);

    private static void Keep(TemporaryDirectory folder, SuiteRun run) => ResultBook.Add(folder.Path, Write(folder, run), anyway: false);

    private static string Write(TemporaryDirectory folder, SuiteRun run)
    {
        string path = folder[Path.Combine("measured", run.Suite + ".json")];
        new ResultFile { Machine = s_machine, Runs = [run] }.Write(path);
        return path;
    }

    private static SuiteRun Run(string suite, params ResultEntry[] entries) =>
        new() { Suite = suite, Commit = "abc", Dirty = false, Date = "2026-01-02T03:04:05Z", LoadAtStart = 0, Entries = entries };

    private static ResultEntry Stage(string name, int customers, double seconds) => new()
    {
        Name = name,
        Parameters = new Dictionary<string, string> { ["customers"] = $"{customers}" },
        Unit = "rows/s",
        Value = 10.0 * customers / seconds,
        Rows = 10L * customers,
        Seconds = seconds,
        Limit = "scatter-add, L1, all cores",
        LimitShare = 0.12,
        AllocatedBytes = 5_000_000,
        PeakMemoryBytes = 2_000_000_000,
    };

    private static ResultEntry Kernel(string tier, double ratio) => new()
    {
        Name = "SomeKernel",
        Parameters = new SortedDictionary<string, string> { ["Bins"] = "2", ["tier"] = tier },
        Unit = "ns/row",
        Value = 3 * ratio,
        Baseline = "scalar",
        Ratio = ratio,
        Limit = "copy, L2, 1 core",
        LimitShare = 0.5,
        AllocatedBytes = 0,
    };

    private static ResultEntry Peer(string measure, double ratio) => new()
    {
        Name = "training",
        Parameters = new SortedDictionary<string, string> { ["measure"] = measure, ["program"] = "ours", ["shape"] = "1M" },
        Unit = "s",
        Value = 3,
        Baseline = "XGBoost 1.7.4",
        Ratio = ratio,
        RatioInterval = new Interval(ratio - 0.05, ratio + 0.05),
    };
}
