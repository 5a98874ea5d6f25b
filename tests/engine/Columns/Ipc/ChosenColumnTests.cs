using ChurnEngine.Columns.Tests.Interop;
using ChurnEngine.TestKit;
using static ChurnEngine.Columns.Tests.Ipc.WireSample;

namespace ChurnEngine.Columns.Tests.Ipc;

/// <summary>Some columns of many: the others are passed over, whatever they are.</summary>
[Collection(NativeMemoryGroup.Name)]
public sealed class ChosenColumnTests
{
    private static readonly string[] s_wanted = ["id", "x", "plan"];

    [Theory]
    [InlineData("arrow")]
    [InlineData("arrows")]
    public void EachOfOurTypes_AloneAndInPairs_IsThatOfTheWhole(string ending)
    {
        using var folder = new TemporaryDirectory();
        using (RecordBatch first = EveryType.Batch(300), second = EveryType.Batch(7))
            File.WriteAllBytes(folder[$"t.{ending}"], ending == "arrow" ? IpcBytes.File(EveryType.Schema, first, second) : IpcBytes.Stream(EveryType.Schema, first, second));
        long before = NativeLedger.LiveBytes;
        string[] names = [.. EveryType.Schema.Fields.Select(field => field.Name)];
        for (int i = 0; i < names.Length; i++)
        {
            List<object?> whole = IpcBytes.Values(ArrowFile.Read(folder[$"t.{ending}"]), i);
            Assert.Equal(whole, IpcBytes.Values(ArrowFile.Read(folder[$"t.{ending}"], new HashSet<string> { names[i] })));
            Assert.Equal(whole, IpcBytes.Values(ArrowFile.Read(folder[$"t.{ending}"], new HashSet<string> { names[i], names[^1] })));
        }
        Assert.Equal(307, ArrowFile.CountRows(folder[$"t.{ending}"]));
        Assert.Equal(EveryType.Schema.Fields.Select(field => (field.Name, (ColumnType?)field.Type)), ArrowFile.Describe(folder[$"t.{ending}"]).Select(column => (column.Name, column.Type)));
        Assert.Equal(before, NativeLedger.LiveBytes);
    }

    [Fact]
    public void NoColumn_StillCountsRows()
    {
        using RecordBatch batch = EveryType.Batch(5);
        using var reader = new ArrowStreamReader(new MemoryStream(IpcBytes.Stream(EveryType.Schema, batch)), new ArrowReadOptions { Columns = new HashSet<string>() });
        using RecordBatch read = reader.Read()!;
        Assert.Equal((5, 0), (read.Length, read.Columns.Count));
    }

    /// <summary>Nulls, lists, structs, maps, decimals, times and dictionaries inside lists, as a library that knows nothing of us lays them out.</summary>
    [Theory]
    [InlineData("arrow")]
    [InlineData("arrows")]
    public void TypesThatTheEngineDoesNotHold_ArePassedOverWhereNobodyAsksForThem(string ending)
    {
        using var folder = new TemporaryDirectory();
        string csv = folder.Write("t.csv", "id,x,plan\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"{i},{(i % 7 == 0 ? "" : $"{i}.5")},p{i % 3}\n")));
        string path = ForeignRuntimes.WriteTable("js-nested", csv, folder[$"t.{ending}"]);

        IReadOnlyList<ArrowColumn> columns = ArrowFile.Describe(path);
        Assert.Equal(23, columns.Count);
        Assert.Equal((null, "list"), columns.Where(column => column.Name == "before_list").Select(column => (column.Type, column.ArrowType)).Single());
        Assert.Equal(ColumnType.Utf8, columns.Single(column => column.Name == "after_null").Type);
        Assert.Equal(40, ArrowFile.CountRows(path));

        HashSet<string> wanted = [.. s_wanted, "after_null"];
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (object?)(long)i), IpcBytes.Values(ArrowFile.Read(path, wanted), 0));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => i % 7 == 0 ? null : (object?)(i + 0.5)), IpcBytes.Values(ArrowFile.Read(path, wanted), 1));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (object?)$"p{i % 3}"), IpcBytes.Values(ArrowFile.Read(path, wanted), 2));
        Assert.All(IpcBytes.Values(ArrowFile.Read(path, wanted), 3), Assert.Null);
        Assert.Equal("CE2107", Assert.Throws<ChurnDataException>(() => ArrowFile.Read(path, new HashSet<string> { "id", "after_struct" }).ToList()).Code.ToString());
    }

    [Fact]
    public void TypeOfTheFuture_CannotBePassedOver()
    {
        byte[] bytes = new WireSample().Schema(new WireType(99)).End().Bytes;
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => new ArrowStreamReader(new MemoryStream(bytes), new ArrowReadOptions { Columns = new HashSet<string>() }));
        Assert.Equal("CE2107", error.Code.ToString());
    }

    [Fact]
    public void TooFewBuffers_ForAColumnThatIsPassedOver_AreRefused()
    {
        byte[] bytes = new WireSample().Schema(WireType.Int(32, true), columns: 2).Batch(new BatchShape { Rows = 1, Nodes = [1, 0, 1, 0] }, [], Of(1), []).End().Bytes;
        using var reader = new ArrowStreamReader(new MemoryStream(bytes), new ArrowReadOptions { Columns = new HashSet<string> { "x" } });
        Assert.Equal("CE2106", Assert.Throws<ChurnDataException>(reader.Read).Code.ToString());
    }
}
