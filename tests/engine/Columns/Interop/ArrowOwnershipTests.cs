namespace ChurnEngine.Columns.Tests.Interop;

[Collection(NativeMemoryGroup.Name)]
public sealed unsafe class ArrowOwnershipTests
{
    [Fact]
    public void Take_ColumnsDisposedOneByOne_ReleasesWithTheLastOnly()
    {
        long before = NativeLedger.LiveBuffers;
        ArrowCArray array;
        ArrowBatchExport.Give(EveryType.Batch(50), &array);
        long given = NativeLedger.LiveBuffers;
        RecordBatch taken = ArrowBatchImport.Take(&array, EveryType.Schema);

        foreach (Column column in taken.Columns.SkipLast(1))
            column.Dispose();
        Assert.Equal(given, NativeLedger.LiveBuffers);

        taken.Columns[^1].Dispose();
        Assert.Equal(before, NativeLedger.LiveBuffers);
        taken.Dispose();
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Give_ChildMovedOut_KeepsTheBatchUntilTheChildIsReleased()
    {
        long before = NativeLedger.LiveBuffers;
        RecordBatch batch = EveryType.Batch(50);
        int index = batch.Schema.IndexOf("Int64");
        long expected = batch.Values<long>("Int64")[7];
        ArrowCArray array;
        ArrowBatchExport.Give(batch, &array);

        ArrowCArray child = *array.Children[index];
        array.Children[index]->Release = null;
        ArrowCArray.ReleaseOnce(&array);

        Assert.True(NativeLedger.LiveBuffers > before);
        Assert.Equal(expected, ((long*)child.Buffers[1])[7]);
        ArrowCArray.ReleaseOnce(&child);
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Give_ReleasedWithoutImport_DisposesTheBatch()
    {
        long before = NativeLedger.LiveBuffers;
        ArrowCArray array;
        ArrowBatchExport.Give(EveryType.Batch(3), &array);

        ArrowCArray.ReleaseOnce(&array);
        ArrowCArray.ReleaseOnce(&array);

        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Lend_Released_LeavesTheBatchToItsOwner()
    {
        using RecordBatch batch = EveryType.Batch(10);
        ArrowCArray array;
        ArrowBatchExport.Lend(batch, &array);

        ArrowCArray.ReleaseOnce(&array);

        Assert.Equal(3_000_000_021L, batch.Values<long>("Int64")[3]);
    }

    [Fact]
    public void SchemaWrite_ChildMovedOut_StaysReadable()
    {
        ArrowCSchema schema;
        ArrowSchemaExport.Write(new Schema(new Field("a", ColumnType.Int8), new Field("größe", ColumnType.Utf8)), &schema);
        ArrowCSchema child = *schema.Children[1];
        schema.Children[1]->Release = null;

        ArrowCSchema.ReleaseOnce(&schema);

        Assert.Equal("größe", System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)child.Name));
        ArrowCSchema.ReleaseOnce(&child);
    }

    [Theory]
    [InlineData("buffers")]
    [InlineData("children")]
    [InlineData("short child")]
    [InlineData("no values")]
    [InlineData("null rows")]
    public void Take_MalformedArray_ThrowsAndReleases(string damage)
    {
        long before = NativeLedger.LiveBuffers;
        ArrowCArray array;
        ArrowBatchExport.Give(EveryType.Batch(10), &array);
        byte nothingValid = 0;
        switch (damage)
        {
            case "buffers": array.Children[3]->BufferCount = 1; break;
            case "short child": array.Children[3]->Length = 9; break;
            case "no values": array.Children[3]->Buffers[1] = null; break;
            case "null rows":
                array.NullCount = -1;
                array.Buffers[0] = &nothingValid;
                array.Length = 8;
                break;
        }
        var schema = damage == "children" ? new Schema(EveryType.Schema.Fields[0]) : EveryType.Schema;

        TakeFails(&array, schema);

        Assert.True(array.IsReleased);
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Take_ReleasedArray_Throws()
    {
        ArrowCArray array = default;
        TakeFails(&array, EveryType.Schema);
    }

    private static void TakeFails(ArrowCArray* array, Schema schema) =>
        Assert.Throws<ChurnDataException>(() => ArrowBatchImport.Take(array, schema).Dispose());
}
