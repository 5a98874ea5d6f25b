using System.Globalization;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Service.Tests;

/// <summary>Every prediction that was answered is in the log, whatever becomes of the process.</summary>
public sealed class LogTests(ServedWorld world)
{
    [Fact]
    public async Task Log_AfterTheEnd_HasWhatWasAnswered_WithTheFeatures()
    {
        using var folder = new TemporaryDirectory();
        var answers = new Dictionary<string, JsonElement>();
        await using (RunningService service = await Start(folder["log"]))
        {
            foreach (string customer in world.Scores.Keys.Take(50))
            {
                JsonElement answer = await service.Ask("/predict", $"{{\"user_id\": {customer}}}");
                answers.Add(answer.GetProperty("prediction_id").GetString()!, answer);
            }
        }
        Dictionary<string, string?[]> rows = ReadById(folder["log"], "customer", "probability", "version", "arm", "decision", "as_of", "monthly_price", "plan");
        Assert.Equal(answers.Keys.Order(), rows.Keys.Order());
        foreach ((string id, string?[] row) in rows)
        {
            JsonElement answer = answers[id];
            Assert.Equal(answer.GetProperty("user_id").GetString(), row[0]);
            Assert.Equal(answer.GetProperty("churn_probability").GetSingle(), float.Parse(row[1]!, CultureInfo.InvariantCulture));
            Assert.Equal(world.Strong, row[2]);
            Assert.Equal("production", row[3]);
            Assert.Equal(answer.GetProperty("churn_prediction").GetBoolean() ? "1" : "0", row[4]);
            Assert.True(InstantText.TryParse(world.AsOf, out long asOf));
            Assert.Equal(asOf.ToString(CultureInfo.InvariantCulture), row[5]);
        }
        Assert.Contains(rows.Values, row => row[6] is not null && row[7] is not null);
        Assert.Empty(Journals(folder["log"]));
    }

    [Fact]
    public async Task Journal_OfAProcessThatWasKilled_BecomesParquetAtTheNextStart_WithoutItsTornEnd()
    {
        using var folder = new TemporaryDirectory();
        string copy = folder["crashed/log"];
        await using (RunningService service = await Start(folder["log"]))
        {
            for (int i = 0; i < 20; i++)
                await service.Ask("/predict", $"{{\"user_id\": {world.Scores.Keys.ElementAt(i)}}}");
            // What a crash a second later leaves is what is on the disk by then.
            await Task.Delay(1000);
            // cp, for the service keeps the file to itself, and a crash asks nobody.
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            using var cp = System.Diagnostics.Process.Start("cp", ["-r", folder["log"], copy]);
            await cp.WaitForExitAsync();
        }
        string journal = Assert.Single(Journals(copy));
        byte[] bytes = File.ReadAllBytes(journal);
        foreach (int cut in new[] { 0, 1, 7, 40 })
        {
            string torn = folder[$"torn-{cut}"];
            FolderContent.Copy(copy, torn);
            File.WriteAllBytes(Journals(torn).Single(), bytes[..^cut]);
            using (PredictionLog.Open(new PredictionLogSettings(torn), TimeProvider.System, new JobBudget { Threads = 1 }))
                Assert.Equal(cut == 0 ? 20 : 19, Read(torn, "customer").Count);
            Assert.Empty(Journals(torn));
        }
        // A flipped bit in the middle ends what can be trusted there.
        string flipped = folder["flipped"];
        FolderContent.Copy(copy, flipped);
        int records = Array.IndexOf(bytes, (byte)'\n') + 1;
        bytes[(records + bytes.Length) / 2] ^= 4;
        File.WriteAllBytes(Journals(flipped).Single(), bytes);
        using (PredictionLog.Open(new PredictionLogSettings(flipped), TimeProvider.System, new JobBudget { Threads = 1 }))
            Assert.InRange(Read(flipped, "customer").Count, 5, 15);
    }

    [Fact]
    public async Task Files_OlderThanTheRetention_Go_AndNoOthers()
    {
        using var folder = new TemporaryDirectory();
        await using (RunningService service = await Start(folder["log"]))
            await service.Ask("/predict", $"{{\"user_id\": {world.Scores.Keys.First()}}}");
        string file = Assert.Single(Directory.GetFiles(folder["log"], "*.parquet", SearchOption.AllDirectories));
        string strange = folder.Write("log/notes.parquet", "not ours");
        foreach (string each in new[] { file, strange })
            File.SetLastWriteTimeUtc(each, DateTime.UtcNow.AddDays(-8));
        using (PredictionLog.Open(new PredictionLogSettings(folder["log"], KeepDays: 9), TimeProvider.System, new JobBudget { Threads = 1 }))
            Assert.True(File.Exists(file));
        using (PredictionLog.Open(new PredictionLogSettings(folder["log"], KeepDays: 7), TimeProvider.System, new JobBudget { Threads = 1 }))
            Assert.False(File.Exists(file));
        Assert.True(File.Exists(strange));
    }

    [Fact]
    public void Folder_ThatCannotBeWritten_IsRefusedBeforeTheStart()
    {
        using var folder = new TemporaryDirectory();
        string file = folder.Write("file", "");
        ChurnConfigException fault = Assert.Throws<ChurnConfigException>(() => PredictionLog.Open(new PredictionLogSettings(Path.Combine(file, "log")), TimeProvider.System, new JobBudget { Threads = 1 }));
        Assert.Equal("CE1215", fault.Code.ToString());
    }

    /// <summary>The named columns of every row of a log, as text.</summary>
    internal static List<string?[]> Read(string folder, params string[] columns) => [.. ReadById(folder, columns).Values];

    private static Dictionary<string, string?[]> ReadById(string folder, params string[] columns) =>
        Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).SelectMany(file => TableRows.Read(file, "prediction_id", columns)).ToDictionary();

    private static string[] Journals(string folder) => Directory.GetFiles(folder, "*.journal", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });

    private Task<RunningService> Start(string log) => RunningService.Start(world.Model, world.Config, settings => settings with { Online = world.Online, Log = new PredictionLogSettings(log) });
}
