using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests.Store.Online;

public class OnlineStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Publish_Snapshot_AnswersForEachCustomer(bool textKeys)
    {
        using var scene = new StoreScene(textKeys);
        string path = Publish(scene, 30);
        using var store = OnlineStore.Open(path);
        Assert.Equal((4L, World.At(30), scene.Plan.Hash, "customer_id"), (store.Header.Rows, store.Header.AsOf, store.Header.PlanHash, store.Header.Entity));
        Assert.Equal(["plays", "spent", "plan"], store.Header.Features.Select(feature => feature.Name));
        string K(long key) => textKeys ? World.KeyText(key) : $"{key}";
        Assert.Equal([new StoredValue(2, null), new(12.5f, null), new(float.NaN, "gold")], store.Find(K(1))!);
        StoredValue[] second = store.Find(K(2))!;
        Assert.Equal([false, true, true], second.Select(value => value.IsMissing));
        Assert.Equal("it's \"x\"", store.Find(K(4))![2].Text);
        Assert.Null(store.Find(K(3)));
        Assert.Null(store.Find("nobody"));
        Assert.Null(store.Find(""));
        Assert.Null(store.Find(99));
        Assert.Equal("CE3074", Assert.Throws<ChurnDataException>(() => store.Require("nobody")).Code.ToString());
        if (!textKeys)
            Assert.Equal(store.Find("1"), store.Find(1));
    }

    [Fact]
    public void Publish_EveryRowOfTheOfflineStore_IsThereBitByBit()
    {
        using var scene = new StoreScene();
        OfflineStore offline = scene.Fill(60);
        using var online = OnlineStore.Open(Publish(scene, 60));
        int rows = 0;
        foreach (RecordBatch batch in offline.Read(World.At(60), scene.Session, CancellationToken.None))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++, rows++)
                {
                    StoredValue[] values = online.Find(batch.Values<long>("customer_id")[row])!;
                    for (int feature = 0; feature < values.Length; feature++)
                    {
                        Column column = batch.Columns[feature + 1];
                        Assert.Equal(column.IsNull(row), values[feature].IsMissing);
                        if (!column.IsNull(row) && column is PrimitiveColumn<float> number)
                            Assert.Equal(BitConverter.SingleToInt32Bits(number.Values[row]), BitConverter.SingleToInt32Bits(values[feature].Number));
                    }
                }
            }
        }
        Assert.Equal(online.Header.Rows, rows);
    }

    [Fact]
    public void Publish_OverAFileThatIsRead_ReadersKeepTheOldOneUntilTheyOpenAgain()
    {
        using var scene = new StoreScene();
        string path = Publish(scene, 30);
        using var old = OnlineStore.Open(path);
        Assert.False(old.IsReplaced);
        Publish(scene, 60);
        Assert.True(old.IsReplaced);
        Assert.Equal(2, old.Find(1)![0].Number);
        Assert.Null(old.Find(3));
        using var fresh = OnlineStore.Open(path);
        Assert.Equal(0, fresh.Find(1)![0].Number);
        Assert.NotNull(fresh.Find(3));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Publish_Stopped_LeavesTheOldFileAndNothingElse()
    {
        using var scene = new StoreScene();
        string path = Publish(scene, 30);
        byte[] before = File.ReadAllBytes(path);
        OfflineStore store = scene.Fill(60);
        using var stopped = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => OnlineWriter.Write(path, HeaderOf(store, 60), Cancelling(store.Read(World.At(60), scene.Session, CancellationToken.None), stopped), null, stopped.Token));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Publish_Again_GivesTheSameBytes()
    {
        using var scene = new StoreScene();
        byte[] once = File.ReadAllBytes(Publish(scene, 30));
        Assert.Equal(once, File.ReadAllBytes(Publish(scene, 30)));
    }

    [Fact]
    public void Publish_KeyTwice_IsRefused()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30);
        IEnumerable<RecordBatch> twice = store.Read(World.At(30), scene.Session, CancellationToken.None).Concat(store.Read(World.At(30), scene.Session, CancellationToken.None));
        Assert.Equal("CE3064", Assert.Throws<ChurnConfigException>(() => OnlineWriter.Write(scene["online/twice.sqlite"], HeaderOf(store, 30), twice, null, CancellationToken.None)).Code.ToString());
        Assert.Empty(Directory.GetFiles(scene["online"]));
    }

    [Fact]
    public void Publish_WhereNothingCanBeWritten_SaysSo()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30);
        File.WriteAllText(scene["file"], "x");
        ChurnConfigException refused = Assert.Throws<ChurnConfigException>(() => OnlineWriter.Write(scene["file/below.sqlite"], HeaderOf(store, 30), [], null, CancellationToken.None));
        Assert.Equal("CE3064", refused.Code.ToString());
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData("", "another program wrote it")]
    [InlineData("this is no database, although it is long enough to look like one to somebody in a hurry", "not a database")]
    public void Open_FileThatIsNoStore_SaysWhy(string? text, string says)
    {
        using var scene = new StoreScene();
        string path = scene["o ?#%.sqlite"];
        if (text is not null)
            File.WriteAllText(path, text);
        ChurnDataException refused = Assert.Throws<ChurnDataException>(() => OnlineStore.Open(path));
        Assert.Equal("CE3073", refused.Code.ToString());
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_BySeveralThreads_GivesEachItsCustomer()
    {
        using var scene = new StoreScene();
        using var store = OnlineStore.Open(Publish(scene, 30));
        Parallel.For(0, 4000, i => Assert.Equal(i % 2 == 0 ? 2 : 1, store.Find(1 + i % 2)![0].Number));
    }

    private static string Publish(StoreScene scene, double day)
    {
        OfflineStore store = scene.Fill(day);
        string path = scene["online/features #1.sqlite"];
        OnlineWriter.Write(path, HeaderOf(store, day), store.Read(World.At(day), scene.Session, CancellationToken.None), null, CancellationToken.None);
        return path;
    }

    private static OnlineHeader HeaderOf(OfflineStore store, double day) => new()
    {
        PlanHash = store.Manifest.PlanHash,
        Entity = store.Manifest.Entity,
        KeyType = store.Manifest.KeyType,
        AsOf = World.At(day),
        Features = store.Manifest.Features,
    };

    private static IEnumerable<RecordBatch> Cancelling(IEnumerable<RecordBatch> batches, CancellationTokenSource stopped)
    {
        foreach (RecordBatch batch in batches)
        {
            stopped.Cancel();
            yield return batch;
        }
    }
}
