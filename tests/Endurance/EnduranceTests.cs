using System.Globalization;
using ChurnEngine.Cli;
using ChurnEngine.TestKit;

namespace ChurnEngine.Endurance.Tests;

/// <summary>The whole flow, good and bad input, again and again in one process, as a service would run it: nothing may pile up.</summary>
public sealed class EnduranceTests(ITestOutputHelper output) : IDisposable
{
    private const int Runs = 200;

    // Until then code is still being compiled and pools filled.
    private const int Settled = 80;
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Flow_TwoHundredTimesInOneProcess_HoldsNoMoreAtTheEnd()
    {
        var holdings = new List<ProcessHoldings>();
        for (int run = 0; run < Runs; run++)
        {
            RunFlow(run);
            RunRefusals();
            ProcessHoldings now = ProcessHoldings.Take();
            Assert.True(now is { LiveBuffers: 0, LeakedBuffers: 0 }, $"run {run}: {now}");
            holdings.Add(now);
            if (run % 20 == 19)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {run + 1}: {now}"));
        }

        (ProcessHoldings[] early, ProcessHoldings[] late) = ([.. holdings[Settled..(Settled + 40)]], [.. holdings[^40..]]);
        // The runtime opens and closes a few on its own; one a run would be 80.
        Assert.InRange(Median(late, each => each.Handles), 0, Median(early, each => each.Handles) + 2);
        Assert.InRange(Median(late, each => each.Threads), 0, Median(early, each => each.Threads) + 2);
        // One customer's row too many a run would be seen; what allocators keep is not.
        Assert.InRange(Median(late, each => each.ManagedMegabytes), 0, Median(early, each => each.ManagedMegabytes) + 0.5);
        Assert.InRange(Median(late, each => each.ResidentMegabytes), 0, Median(early, each => each.ResidentMegabytes) * 1.08);
    }

    private void RunFlow(int run)
    {
        string folder = _folder[$"demo-{run % 3}"];
        Expect(ExitCode.Done, "demo", "--customers", "600", "--seed", (run % 3).ToString(CultureInfo.InvariantCulture), "--out", folder);
        Expect(ExitCode.Done, "features", "--config", $"{folder}/data/churn.yaml", "--out", _folder["features.parquet"]);
    }

    // What goes wrong must be let go of too.
    private void RunRefusals()
    {
        string table = _folder.Write("bad.csv", "id,tenure,Churn\na,1,yes\nb,x,no\nc,y,\n");
        Expect(ExitCode.BadInput, "train", "--table", table, "--label", "Churn", "--id", "id", "--model", _folder["none.onnx"]);
        string cut = _folder["cut.onnx"];
        byte[] model = File.ReadAllBytes(_folder["demo-0/model.onnx"]);
        File.WriteAllBytes(cut, model[..(model.Length / 2)]);
        Expect(ExitCode.BadInput, "score", "--config", _folder["demo-0/data/churn.yaml"], "--model", cut, "--out", _folder["scores"]);
        string broken = _folder.Write("broken.parquet", "PAR1 is not enough");
        Expect(ExitCode.BadInput, "score", "--table", broken, "--model", _folder["demo-0/model.onnx"], "--out", _folder["scores"]);
    }

    private static double Median(ProcessHoldings[] holdings, Func<ProcessHoldings, double> value)
    {
        double[] sorted = [.. holdings.Select(value).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Expect(int exitCode, params string[] arguments)
    {
        using var text = new StringWriter();
        using var error = new StringWriter();
        int actual = Program.Run([.. arguments, "--quiet"], text, error);
        Assert.True(actual == exitCode, $"churn {string.Join(' ', arguments)}: {actual}\n{error}");
    }
}
