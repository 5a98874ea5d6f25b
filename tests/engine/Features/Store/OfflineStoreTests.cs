using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features.Tests.Store;

public class OfflineStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Materialise_Date_HoldsWhoWasAtRiskAndWhatWasKnownThen(bool textKeys)
    {
        using var scene = new StoreScene(textKeys);
        OfflineStore store = scene.Fill(30, 60);
        string[] keys = [.. new long[] { 1, 2, 3, 4, 5 }.Select(key => textKeys ? $"'{World.KeyText(key)}'" : $"{key}")];
        Assert.Equal([World.At(30), World.At(60)], store.Dates());
        Assert.Equal(new Dictionary<string, string> { [keys[0]] = "2 12.5 'gold'", [keys[1]] = "1 - -", [keys[3]] = "0 - 'it's \"x\"'", [keys[4]] = "0 - 'gold'" }, scene.Read(store, 30));
        Assert.Equal("0 -3 'it's \"x\"'", scene.Read(store, 60)[keys[3]]);
        Assert.DoesNotContain(keys[4], scene.Read(store, 60).Keys);
        Assert.Equal(textKeys ? ColumnType.Utf8 : ColumnType.Int64, store.Manifest.KeyType);
        Assert.Equal(scene.Plan.Hash, store.Manifest.PlanHash);
    }

    [Fact]
    public void Materialise_Instant_HasAFolderThatOtherToolsTakeForAPartition()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30, 60.25);
        Assert.Equal(["as_of=2024-01-31", "as_of=2024-03-01T06%3A00%3A00Z"], Directory.GetDirectories(scene.Folder).Select(folder => Path.GetFileName(folder)).Order());
        Assert.Equal(World.At(60.25), store.Dates()[^1]);
        Assert.Contains(scene.Session.Describe(new TableSource { Name = "store", Path = scene.Folder }), field => field.Name == "as_of");
    }

    [Fact]
    public void Materialise_AnyNumberOfThreads_GivesTheSameBytes()
    {
        using var scene = new StoreScene();
        byte[] Bytes(string folder, int threads)
        {
            using StoreWriter writer = scene.Open(scene[folder]);
            writer.Materialise(World.At(30), StoreScene.EndOfData, new JobBudget { Threads = threads }, CancellationToken.None);
            return File.ReadAllBytes(writer.Store.PathOf(World.At(30)));
        }
        Assert.Equal(Bytes("one", 1), Bytes("three", 3));
    }

    [Fact]
    public void Materialise_PlanWithoutCategories_GoesByPartition()
    {
        using var scene = new StoreScene();
        FeaturePlan plan = World.Plan("  - { name: plays, from: events, where: \"kind = play\", value: count, windows: [30] }");
        using CustomerData data = scene.World.Load(plan);
        using StoreWriter writer = StoreWriter.Open(scene.Folder, plan, data, scene.Session.OpenParquet);
        Assert.Equal(4, writer.Materialise(World.At(30), StoreScene.EndOfData, scene.Budget, CancellationToken.None));
        Assert.Equal("2", scene.Read(writer.Store, 30)["1"]);
    }

    [Fact]
    public void Materialise_NobodyAtRisk_StoresNoDate()
    {
        using var scene = new StoreScene();
        using StoreWriter writer = scene.Open();
        Assert.Equal(0, writer.Materialise(World.At(-5), StoreScene.EndOfData, scene.Budget, CancellationToken.None));
        Assert.Empty(writer.Store.Dates());
        Assert.Empty(Directory.GetDirectories(scene.Folder));
    }

    [Fact]
    public void Materialise_WriterFails_LeavesTheDatesThatWereThere()
    {
        using var scene = new StoreScene();
        scene.Fill(30);
        byte[] before = File.ReadAllBytes(Path.Combine(scene.Folder, "as_of=2024-01-31", OfflineStore.FileName));
        using (StoreWriter writer = StoreWriter.Open(scene.Folder, scene.Plan, scene.Data, (path, schema) => new BrokenSink(scene.Session.OpenParquet(path, schema))))
        {
            Assert.Throws<InvalidOperationException>(() => writer.Materialise(World.At(60), StoreScene.EndOfData, scene.Budget, CancellationToken.None));
            Assert.Throws<InvalidOperationException>(() => writer.Materialise(World.At(30), StoreScene.EndOfData, scene.Budget, CancellationToken.None));
            using var stopped = new CancellationTokenSource();
            stopped.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => writer.Materialise(World.At(61), StoreScene.EndOfData, scene.Budget, stopped.Token));
        }
        Assert.Equal([World.At(30)], OfflineStore.Open(scene.Folder).Dates());
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(scene.Folder, "as_of=2024-01-31", OfflineStore.FileName)));
        Assert.Equal(["_store.json", "as_of=2024-01-31"], Directory.GetFileSystemEntries(scene.Folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Open_OtherPlan_IsRefusedAndNothingChanges()
    {
        using var scene = new StoreScene();
        scene.Fill(30);
        FeaturePlan other = World.Plan(StoreScene.Features.Replace("30", "7", StringComparison.Ordinal));
        using CustomerData data = scene.World.Load(other);
        ChurnConfigException refused = Assert.Throws<ChurnConfigException>(() => StoreWriter.Open(scene.Folder, other, data, scene.Session.OpenParquet));
        Assert.Equal("CE3061", refused.Code.ToString());
        Assert.Contains(scene.Plan.Hash[..12], refused.Expected, StringComparison.Ordinal);
        Assert.Contains(other.Hash[..12], refused.Actual, StringComparison.Ordinal);
        Assert.Contains("--store", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("CE3061", Assert.Throws<ChurnConfigException>(() => OfflineStore.Open(scene.Folder).Require(other)).Code.ToString());
    }

    [Fact]
    public void Open_FolderThatIsNoStore_IsLeftAlone()
    {
        using var scene = new StoreScene();
        Directory.CreateDirectory(scene.Folder);
        File.WriteAllText(Path.Combine(scene.Folder, "letter.txt"), "x");
        Assert.Equal("CE3062", Assert.Throws<ChurnConfigException>(() => scene.Open()).Code.ToString());
        Assert.Equal("CE3060", Assert.Throws<ChurnDataException>(() => OfflineStore.Open(scene.Folder)).Code.ToString());
        Assert.Equal("CE3064", Assert.Throws<ChurnConfigException>(() => scene.Open(Path.Combine(scene.Folder, "letter.txt"))).Code.ToString());
        Assert.Single(Directory.GetFileSystemEntries(scene.Folder));
    }

    [Fact]
    public void Open_WhileAnotherWrites_AsksForPatience()
    {
        using var scene = new StoreScene();
        using StoreWriter writer = scene.Open();
        Assert.Equal("CE3063", Assert.Throws<ChurnTransientException>(() => scene.Open()).Code.ToString());
    }

    [Fact]
    public void Open_KeysOfAnotherType_AreRefused()
    {
        using var scene = new StoreScene();
        scene.Fill(30);
        using var texts = new StoreScene(textKeys: true);
        Assert.Equal("CE3066", Assert.Throws<ChurnDataException>(() => StoreWriter.Open(scene.Folder, texts.Plan, texts.Data, texts.Session.OpenParquet)).Code.ToString());
    }

    [Fact]
    public void Materialise_BeyondTheEndOfTheData_IsRefused()
    {
        using var scene = new StoreScene();
        using StoreWriter writer = scene.Open();
        Assert.Equal("CE3067", Assert.Throws<ChurnConfigException>(() => writer.Materialise(World.At(101.5), StoreScene.EndOfData, scene.Budget, CancellationToken.None)).Code.ToString());
        Assert.Equal(4, writer.Materialise(World.At(101), StoreScene.EndOfData, scene.Budget, CancellationToken.None));
    }

    [Fact]
    public void Open_FeaturesThatDifferInCaseAlone_AreRefused()
    {
        using var scene = new StoreScene();
        FeaturePlan plan = World.Plan("  - { name: a, from: events, value: count }\n  - { name: A, from: customers, value: tenure_days }");
        Assert.Equal("CE3069", Assert.Throws<ChurnConfigException>(() => StoreWriter.CheckFolder(scene.Folder, plan)).Code.ToString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"format\": 2, \"plan_hash\": \"x\", \"entity\": \"id\", \"key_type\": \"int64\", \"features\": []}")]
    public void Open_DamagedManifest_SaysSo(string text)
    {
        using var scene = new StoreScene();
        scene.Fill(30);
        File.WriteAllText(Path.Combine(scene.Folder, StoreManifest.FileName), text);
        Assert.Equal("CE3065", Assert.Throws<ChurnDataException>(() => OfflineStore.Open(scene.Folder)).Code.ToString());
    }

    [Fact]
    public void Read_DateThatIsNotThere_NamesWhatIs()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30);
        ChurnDataException absent = Assert.Throws<ChurnDataException>(() => store.Read(World.At(31), scene.Session, CancellationToken.None));
        Assert.Equal("CE3070", absent.Code.ToString());
        Assert.Contains("2024-02-01", absent.Message, StringComparison.Ordinal);
        Assert.Contains("2024-01-31", absent.Actual, StringComparison.Ordinal);
    }

    private sealed class BrokenSink(IBatchSink inner) : IBatchSink
    {
        public void Write(RecordBatch batch) => inner.Write(batch);

        public void Complete() => throw new InvalidOperationException("the power went");

        public void Dispose() => inner.Dispose();
    }
}
