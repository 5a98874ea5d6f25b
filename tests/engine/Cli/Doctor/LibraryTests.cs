using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Doctor;

/// <summary>The table of needs against the verbs themselves: without a library, exactly those that the doctor names fail.</summary>
public sealed class LibraryTests(SmallProject small)
{
    [Theory]
    [InlineData("libonnxruntime.so", "native.onnxruntime", "CE5102")]
    [InlineData("libduckdb.so", "native.duckdb", "CE2014")]
    public void Doctor_WithoutALibrary_NamesExactlyTheVerbsThatFail(string library, string id, string code)
    {
        using var folder = new TemporaryDirectory();
        string program = folder["bin"];
        DoctorProcess.CopyWithout(library, program);
        CommandRun run = DoctorProcess.Run(program, new Dictionary<string, string>(), "doctor", "--json").Expect(ExitCode.GateSaidNo);
        var found = new Diagnosis(run);
        Assert.Contains($"{library} is not there", found.Found(id), StringComparison.Ordinal);
        Assert.All(found.Unready, verb => Assert.Equal([id], found.Misses(verb)));

        foreach ((string verb, string[] arguments) in CommandLines(folder))
        {
            CommandRun real = DoctorProcess.Run(program, new Dictionary<string, string>(), arguments);
            if (found.Ready.Contains(verb))
                real.Expect(ExitCode.Done);
            else
                Assert.StartsWith($"{code} ", real.LastError, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Doctor_WithoutSqlite_WarnsAndOnlyTheOnlineStoreFails()
    {
        using var folder = new TemporaryDirectory();
        string program = folder["bin"];
        // Its library lies in a folder of the output that is not copied.
        DoctorProcess.CopyWithout("no file", program);
        var found = new Diagnosis(DoctorProcess.Run(program, new Dictionary<string, string>(), "doctor", "--json").Expect(ExitCode.Done));
        Assert.Equal("warning", found.Standing("native.sqlite"));
        Assert.Contains("features publish", found.Hint("native.sqlite"), StringComparison.Ordinal);
        DoctorProcess.Run(program, new Dictionary<string, string>(), "features", "materialise", "--config", small.Config, "--store", folder["store"]).Expect(ExitCode.Done);
        CommandRun publish = DoctorProcess.Run(program, new Dictionary<string, string>(), "features", "publish", "--store", folder["store"], "--out", folder["f.sqlite"]).Expect(ExitCode.Usage);
        Assert.StartsWith("CE3075 ", publish.LastError, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["f.sqlite"]));
    }

    // Not demo: it is these one after the other.
    private Dictionary<string, string[]> CommandLines(TemporaryDirectory folder) => new()
    {
        ["generate"] = ["generate", "--customers", "50", "--months", "2", "--out", folder["world"]],
        ["validate"] = ["validate", "--config", small.Config],
        ["features"] = ["features", "--config", small.Config, "--out", folder["f.parquet"]],
        ["train"] = ["train", "--table", small.Table, "--id", "id", "--label", "Churn", "--cv", "2", "--trees", "3", "--model", folder["m.onnx"]],
        ["evaluate"] = ["evaluate", "--table", small.Table, "--model", small.TableModel],
        ["score"] = ["score", "--table", small.Table, "--model", small.TableModel, "--out", folder["scores"]],
        ["monitor"] = ["monitor", "--table", small.Table, "--model", small.TableModel],
        ["run"] = ["run", "--config", small.ConfigWith(folder, $"registry: {folder["registry"]}\nrun: {{ state: {folder["cycle"]}, audit: never }}\ntrain: {{ trees: 3, model: {folder["first.onnx"]} }}"), "--until", "train"],
        ["audit"] = ["audit", "leakage", "--config", small.Config, "--dates", "1"],
        ["decide"] = ["decide", "--scores", small.Scores, "--out", folder["plan.csv"]],
    };
}
