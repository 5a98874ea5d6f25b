using System.Globalization;
using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>The feature stores by their verbs, as a job and a service use them.</summary>
public sealed class FeatureStoreTests(SmallProject small)
{
    [Fact]
    public void Verbs_OneAfterTheOther_HandTheirFilesOn()
    {
        using var folder = new TemporaryDirectory();
        string[] backfill = ["features", "backfill", "--config", small.Config, "--from", "2024-04-30", "--to", "2024-08-28", "--every", "30d", "--store", folder["store"]];
        Assert.Equal(["missing", "missing", "missing", "missing", "missing"], States(Churn.Result([.. backfill, "--dry-run"])));
        Assert.False(Directory.Exists(folder["store"]));

        Churn.Run("features", "materialise", "--config", small.Config, "--as-of", "2024-06-29", "--store", folder["store"]).Expect(ExitCode.Done);
        JsonElement filled = Churn.Result(backfill);
        Assert.Equal(["written", "written", "kept", "written", "written"], States(filled));
        Assert.Equal((4, 1), (filled.GetProperty("written").GetInt32(), filled.GetProperty("kept").GetInt32()));

        // Again: nothing is read, nothing is written.
        var before = FolderContent.Of(folder["store"]);
        JsonElement again = Churn.Result(backfill);
        Assert.Equal(0, again.GetProperty("stages").GetArrayLength());
        Assert.Equal(before, FolderContent.Of(folder["store"]));
        Churn.Run("features", "materialize", "--config", small.Config, "--as-of", "2024-06-29", "--overwrite", "--store", folder["store"]).Expect(ExitCode.Done);
        Assert.Equal(before, FolderContent.Of(folder["store"]));

        long[] keys = AssertSameAsOneDate(folder);
        AssertJoined(folder, keys);
        AssertPublished(folder, keys[0]);
        FolderContent.AssertNothingHalfWritten(folder.Path);
    }

    [Fact]
    public void Materialise_DefaultStore_IsBesideTheProject()
    {
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        JsonElement done = Churn.Result("features", "materialise", "--config", folder["world/churn.yaml"]);
        Assert.Equal(folder["world/feature-store"], done.GetProperty("store").GetString());
        Assert.Equal("2024-12-26", done.GetProperty("dates")[0].GetProperty("as_of").GetString());
        JsonElement published = Churn.Result("features", "publish", "--config", folder["world/churn.yaml"], "--out", folder["f.sqlite"]);
        Assert.Equal(done.GetProperty("rows").GetInt64(), published.GetProperty("rows").GetInt64());
        Assert.Equal(done.GetProperty("plan_hash").GetString(), published.GetProperty("plan_hash").GetString());
    }

    [Fact]
    public void Materialise_InterruptedWhileItWrites_GoesOnAfterwards()
    {
        using var folder = new TemporaryDirectory();
        string[] backfill = ["features", "backfill", "--config", small.Config, "--from", "2024-03-31", "--to", "2024-12-20", "--every", "1d", "--store", folder["store"]];
        using ChurnProcess process = ChurnProcess.Start(folder.Path, ("NO_COLOR", "1"), backfill);
        process.WaitForProgress("materialise ...");
        process.Signal(ChurnProcess.SigTerm);
        process.WaitForEnd().Expect(ExitCode.Terminated);
        Assert.DoesNotContain(Directory.EnumerateDirectories(folder["store"]), date => !File.Exists(Path.Combine(date, "features.parquet")));
        FolderContent.AssertNothingHalfWritten(folder["store"]);
    }

    // A date of the store and the plain verb say the same of everybody.
    private long[] AssertSameAsOneDate(TemporaryDirectory folder)
    {
        Churn.Run("features", "--config", small.Config, "--as-of", "2024-07-29", "--out", folder["july.parquet"]).Expect(ExitCode.Done);
        Dictionary<string, string?[]> one = TableRows.Read(folder["july.parquet"], "customer_id", "plays_30d", "days_since_play", "plan", "tenure_days");
        Dictionary<string, string?[]> stored = TableRows.Read(folder["store/as_of=2024-07-29/features.parquet"], "customer_id", "plays_30d", "days_since_play", "plan", "tenure_days");
        Assert.Equal(one.Keys.Order(), stored.Keys.Order());
        Assert.All(one, row => Assert.Equal(row.Value, stored[row.Key]));
        return [.. one.Keys.Select(key => long.Parse(key, CultureInfo.InvariantCulture)).Order()];
    }

    private static void AssertJoined(TemporaryDirectory folder, long[] keys)
    {
        string[] pairs = [.. keys.Take(50).Select((key, i) => $"{key},2024-07-29,{i % 2}")];
        folder.Write("pairs.csv", "customer_id,as_of,label\n" + string.Join('\n', pairs) + "\n-5,2024-07-29,1\n");
        string[] join = ["features", "join", "--store", folder["store"], "--pairs", folder["pairs.csv"], "--out", folder["training.parquet"]];
        Assert.Equal(51, Churn.Result([.. join, "--dry-run"]).GetProperty("join").GetProperty("rows").GetInt64());
        Assert.False(File.Exists(folder["training.parquet"]));
        CommandRun run = Churn.Run([.. join, "--json"]).Expect(ExitCode.Done);
        JsonElement report = run.Result.GetProperty("join");
        Assert.Equal((50, 1), (report.GetProperty("rows").GetInt64(), report.GetProperty("unmatched").GetProperty("unknown_customer").GetInt64()));
        Assert.Contains("warning: 1 rows of", run.Error, StringComparison.Ordinal);
        Dictionary<string, string?[]> joined = TableRows.Read(folder["training.parquet"], "customer_id", "label", "plays_30d", "plan");
        Dictionary<string, string?[]> stored = TableRows.Read(folder["july.parquet"], "customer_id", "plays_30d", "plan");
        Assert.Equal(keys.Take(50).Select(key => $"{key}"), joined.Keys);
        Assert.All(joined, row => Assert.Equal(stored[row.Key], row.Value[1..]));
    }

    private static void AssertPublished(TemporaryDirectory folder, long key)
    {
        JsonElement published = Churn.Result("features", "publish", "--store", folder["store"], "--as-of", "2024-07-29", "--out", folder["features.sqlite"]);
        Assert.Equal("2024-07-29", published.GetProperty("as_of").GetString());
        string?[] stored = TableRows.Read(folder["july.parquet"], "customer_id", "plays_30d", "plan")[$"{key}"];
        JsonElement found = Churn.Result("features", "get", "--store", folder["features.sqlite"], "--customer", $"{key}");
        Assert.Equal(float.Parse(stored[0]!, CultureInfo.InvariantCulture), found.GetProperty("features").GetProperty("plays_30d").GetSingle());
        Assert.Equal(stored[1], found.GetProperty("features").GetProperty("plan").GetString());
        Assert.StartsWith("CE3074", Churn.Run("features", "get", "--store", folder["features.sqlite"], "--customer", "-1").Expect(ExitCode.BadInput).LastError, StringComparison.Ordinal);
        Assert.Contains("plays_30d", Churn.Run("features", "get", "--store", folder["features.sqlite"], "--customer", $"{key}").Expect(ExitCode.Done).Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> States(JsonElement report) => report.GetProperty("dates").EnumerateArray().Select(date => date.GetProperty("state").GetString());
}
