using ChurnEngine.Columns.Tests.Interop;
using ChurnEngine.TestKit;

namespace ChurnEngine.Columns.Tests.Ipc;

[Collection(NativeMemoryGroup.Name)]
public sealed unsafe class IpcRoundTripTests
{
    public static TheoryData<int> Lengths => [0, 1, 5, 7, 8, 9, 64, 1000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Stream_EveryType_SameValuesAndNothingLeft(int length)
    {
        long before = NativeLedger.LiveBuffers;
        using (RecordBatch expected = EveryType.Batch(length))
        {
            using ArrowStreamReader reader = IpcBytes.OpenStream(IpcBytes.Stream(EveryType.Schema, expected));
            using RecordBatch actual = reader.Read()!;

            Assert.True(reader.Schema.SameAs(EveryType.Schema));
            Assert.Equal(length, actual.Length);
            EveryType.AssertEqual(expected, 0, actual);
            Assert.Null(reader.Read());
        }
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void File_EveryType_SameValuesInAnyOrderAndNothingLeft(int length)
    {
        long before = NativeLedger.LiveBuffers;
        using (RecordBatch first = EveryType.Batch(length), second = EveryType.Batch(3))
        {
            using ArrowFileReader reader = IpcBytes.OpenFile(IpcBytes.File(EveryType.Schema, first, second));
            Assert.Equal(2, reader.BatchCount);
            using RecordBatch readSecond = reader.Read(1), readFirst = reader.Read(0), again = reader.Read(1);

            EveryType.AssertEqual(first, 0, readFirst);
            EveryType.AssertEqual(second, 0, readSecond);
            EveryType.AssertEqual(second, 0, again);
        }
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Batch_OutlivesItsReader()
    {
        using RecordBatch expected = EveryType.Batch(20);
        RecordBatch actual;
        using (ArrowFileReader reader = IpcBytes.OpenFile(IpcBytes.File(EveryType.Schema, expected)))
            actual = reader.Read(0);

        EveryType.AssertEqual(expected, 0, actual);
        actual.Dispose();
    }

    [Fact]
    public void NoBatches_SchemaAlone()
    {
        using ArrowStreamReader stream = IpcBytes.OpenStream(IpcBytes.Stream(EveryType.Schema));
        using ArrowFileReader file = IpcBytes.OpenFile(IpcBytes.File(EveryType.Schema));

        Assert.True(stream.Schema.SameAs(EveryType.Schema));
        Assert.Null(stream.Read());
        Assert.True(file.Schema.SameAs(EveryType.Schema));
        Assert.Equal(0, file.BatchCount);
    }

    [Fact]
    public void NoColumns_RowsAreCounted()
    {
        var schema = new Schema();
        using var batch = new RecordBatch(schema, [], 12);
        using ArrowStreamReader reader = IpcBytes.OpenStream(IpcBytes.Stream(schema, batch));

        using RecordBatch read = reader.Read()!;

        Assert.Equal(12, read.Length);
    }

    [Fact]
    public void Metadata_OfSchemaAndFields_IsKept()
    {
        var schema = new Schema(new Field("x", ColumnType.Int32, Nullable: false) { Metadata = new Dictionary<string, string> { ["unit"] = "days", ["größe"] = "" } }, new Field("y", ColumnType.Utf8))
        {
            Metadata = new Dictionary<string, string> { ["pandas"] = "{}" },
        };

        using ArrowStreamReader stream = IpcBytes.OpenStream(IpcBytes.Stream(schema));
        using ArrowFileReader file = IpcBytes.OpenFile(IpcBytes.File(schema));

        foreach (Schema read in new[] { stream.Schema, file.Schema })
        {
            Assert.True(read.SameAs(schema));
            Assert.Equal(schema.Metadata, read.Metadata);
            Assert.Equal(schema.Fields[0].Metadata, read.Fields[0].Metadata);
            Assert.Null(read.Fields[1].Metadata);
        }
    }

    [Fact]
    public void Dictionaries_ThatDifferFromBatchToBatch_AreReplacedOrMerged()
    {
        var schema = new Schema(new Field("plan", ColumnType.Dictionary));
        using RecordBatch first = Texts(schema, "a", "b", null, "a"), second = Texts(schema, "c", "a"), third = Texts(schema, "c", null, "a"), fourth = Texts(schema);
        object?[] expected = ["a", "b", null, "a", "c", "a", "c", null, "a"];
        RecordBatch[] batches = [first, second, third, fourth];

        using ArrowFileReader file = IpcBytes.OpenFile(IpcBytes.File(schema, batches));

        Assert.Equal(expected, IpcBytes.Values(IpcBytes.Stream(schema, batches)));
        Assert.Equal(expected, IpcBytes.Values(file.ReadAll()));
        using RecordBatch merged = file.Read(1);
        Assert.Equal(3, ((DictionaryColumn)merged["plan"]).Dictionary.Length);
    }

    [Fact]
    public void Dictionary_SameInEveryBatch_IsSentOnce()
    {
        var schema = new Schema(new Field("plan", ColumnType.Dictionary));
        using RecordBatch batch = Texts(schema, "a", "b");
        int one = IpcBytes.Stream(schema, batch).Length, two = IpcBytes.Stream(schema, batch, batch).Length, three = IpcBytes.Stream(schema, batch, batch, batch).Length;

        Assert.Equal(three - two, two - one);
        using RecordBatch other = Texts(schema, "a", "c");
        Assert.True(IpcBytes.Stream(schema, batch, other).Length > two);
    }

    [Fact]
    public void Bytes_SameTable_AreTheSame_WhateverStandsAtNulls()
    {
        var schema = new Schema(new Field("n", ColumnType.Int32), new Field("b", ColumnType.Boolean), new Field("t", ColumnType.Utf8));
        RecordBatch Make(int atNull, byte bits, byte validityTail, string textAtNull) => new(schema,
        [
            new PrimitiveColumn<int>(ColumnType.Int32, NativeBuffer<int>.CopyOf([1, atNull, 3]), 3, NativeBuffer<byte>.CopyOf([(byte)(0b101 | validityTail)])),
            new BooleanColumn(NativeBuffer<byte>.CopyOf([bits]), 3, NativeBuffer<byte>.CopyOf([0b101])),
            new Utf8Column(NativeBuffer<int>.CopyOf([0, 1, 1 + textAtNull.Length, 2 + textAtNull.Length]), NativeBuffer<byte>.CopyOf(System.Text.Encoding.UTF8.GetBytes("a" + textAtNull + "b")), 3,
                NativeBuffer<byte>.CopyOf([0b101])),
        ], 3);
        using RecordBatch clean = Make(0, 0b001, 0, ""), dirty = Make(99, 0b1111_1011 & ~0b100, 0b1010_0000, "secret");

        Assert.Equal(IpcBytes.Stream(schema, clean), IpcBytes.Stream(schema, dirty));
        Assert.Equal(IpcBytes.File(schema, clean), IpcBytes.File(schema, dirty));
    }

    [Fact]
    public void Bodies_StandAtMultiplesOf64()
    {
        using RecordBatch batch = EveryType.Batch(13);
        byte[] bytes = IpcBytes.File(EveryType.Schema, batch, batch);
        using var stream = new MemoryStream(bytes);
        var messages = new MessageSource(stream, "test");
        int bodies = 0;
        while (messages.Next("message") is { } message)
        {
            Assert.Equal(0, stream.Position % 64);
            bodies += message.Kind == MessageKind.RecordBatch ? 1 : 0;
            messages.ReadBody(message).Dispose();
        }
        Assert.Equal(2, bodies);
    }

    [Fact]
    public void IpcThenCInterface_SameValues()
    {
        using RecordBatch expected = EveryType.Batch(100);
        using ArrowStreamReader reader = IpcBytes.OpenStream(IpcBytes.Stream(EveryType.Schema, expected));
        ArrowCSchema schema;
        ArrowCArray array;
        ArrowSchemaExport.Write(reader.Schema, &schema);
        ArrowBatchExport.Give(reader.Read()!, &array);

        using RecordBatch taken = ArrowBatchImport.Take(&array, ArrowSchemaImport.Read(&schema));
        ArrowCSchema.ReleaseOnce(&schema);

        EveryType.AssertEqual(expected, 0, taken);
        Assert.Equal(IpcBytes.Stream(EveryType.Schema, expected), IpcBytes.Stream(EveryType.Schema, taken));
    }

    [Fact]
    public void Path_FileAndStreamFormat_AreToldApart()
    {
        using var folder = new TemporaryDirectory();
        using RecordBatch batch = EveryType.Batch(30);
        ArrowFile.Write(folder["t.arrow"], EveryType.Schema, [batch, batch]);
        File.WriteAllBytes(folder["t.arrows"], IpcBytes.Stream(EveryType.Schema, batch, batch));

        foreach (string name in new[] { "t.arrow", "t.arrows" })
        {
            using Table table = ArrowFile.ReadTable(folder[name]);
            Assert.Equal(60, table.RowCount);
            Assert.All(table.Batches, read => EveryType.AssertEqual(batch, 0, read));
        }
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Write_ThatFails_LeavesTheOldFile()
    {
        using var folder = new TemporaryDirectory();
        using RecordBatch batch = EveryType.Batch(30);
        ArrowFile.Write(folder["t.arrow"], EveryType.Schema, [batch]);
        byte[] before = File.ReadAllBytes(folder["t.arrow"]);

        Assert.Throws<InvalidOperationException>(() => ArrowFile.Write(folder["t.arrow"], EveryType.Schema, Failing(batch)));

        Assert.Equal(before, File.ReadAllBytes(folder["t.arrow"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Sink_ShowsItsFileOnlyWhenComplete()
    {
        using var folder = new TemporaryDirectory();
        using RecordBatch batch = EveryType.Batch(30);
        using (IBatchSink sink = ArrowFile.OpenSink(folder["out/t.arrow"], EveryType.Schema))
            sink.Write(batch);
        Assert.Empty(Directory.GetFiles(folder["out"]));
        using (IBatchSink sink = ArrowFile.OpenSink(folder["out/t.arrow"], EveryType.Schema))
        {
            sink.Write(batch);
            Assert.False(File.Exists(folder["out/t.arrow"]));
            sink.Complete();
        }
        Assert.Equal(IpcBytes.File(EveryType.Schema, batch), File.ReadAllBytes(folder["out/t.arrow"]));
        Assert.Single(Directory.GetFiles(folder["out"]));
    }

    [Fact]
    public void Write_AnotherSchema_IsRefused()
    {
        using RecordBatch batch = EveryType.Batch(3);
        Assert.Throws<ArgumentException>(() => IpcBytes.Stream(new Schema(), batch));
        Assert.Throws<ArgumentException>(() => IpcBytes.File(new Schema(), batch));
    }

    private static IEnumerable<RecordBatch> Failing(RecordBatch batch)
    {
        yield return batch;
        throw new InvalidOperationException();
    }

    private static RecordBatch Texts(Schema schema, params string?[] texts)
    {
        var builder = new DictionaryBuilder();
        foreach (string? text in texts)
            builder.Append(text);
        return new RecordBatch(schema, [builder.Build()], texts.Length);
    }
}
