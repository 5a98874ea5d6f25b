namespace ChurnEngine.Columns.Tests.Interop;

[Collection(NativeMemoryGroup.Name)]
public sealed unsafe class ArrowRoundTripTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(1000)]
    public void GiveThenTake_EveryType_SameValuesAndNothingLeft(int length)
    {
        long before = NativeLedger.LiveBuffers;
        using (RecordBatch expected = EveryType.Batch(length))
        {
            ArrowCSchema schema;
            ArrowCArray array;
            ArrowSchemaExport.Write(EveryType.Schema, &schema);
            ArrowBatchExport.Give(EveryType.Batch(length), &array);

            using RecordBatch taken = ArrowBatchImport.Take(&array, ArrowSchemaImport.Read(&schema));

            Assert.True(array.IsReleased);
            EveryType.AssertEqual(expected, 0, taken);
            ArrowCSchema.ReleaseOnce(&schema);
            Assert.True(schema.IsReleased);
        }
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0, 8)]
    [InlineData(5, 0)]
    [InlineData(7, 13)]
    [InlineData(16, 9)]
    public void Take_OffsetsInStructAndChild_ShiftsValuesAndBitmaps(int structOffset, int childOffset)
    {
        long before = NativeLedger.LiveBuffers;
        using (RecordBatch whole = EveryType.Batch(60))
        {
            ArrowCArray array;
            ArrowBatchExport.Lend(whole, &array);
            for (int i = 0; i < array.ChildCount; i++)
            {
                array.Children[i]->Offset = childOffset;
                array.Children[i]->Length -= childOffset;
                array.Children[i]->NullCount = -1;
            }
            array.Offset = structOffset;
            array.Length = 60 - structOffset - childOffset;

            using RecordBatch taken = ArrowBatchImport.Take(&array, whole.Schema);

            EveryType.AssertEqual(whole, structOffset + childOffset, taken);
        }
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Take_Values_AreNotCopied()
    {
        using RecordBatch batch = EveryType.Batch(40);
        ArrowCArray array;
        ArrowBatchExport.Lend(batch, &array);

        using RecordBatch taken = ArrowBatchImport.Take(&array, batch.Schema);

        fixed (double* ours = batch.Values<double>("Float64"), theirs = taken.Values<double>("Float64"))
            Assert.True(ours == theirs);
    }

    [Fact]
    public void Take_NullCountUnknownAndNoValidity_HasNoNulls()
    {
        using var batch = new RecordBatch(new Schema(new Field("x", ColumnType.Int32)), [new PrimitiveColumn<int>(ColumnType.Int32, NativeBuffer<int>.CopyOf([1, 2]), 2)], 2);
        ArrowCArray array;
        ArrowBatchExport.Lend(batch, &array);
        array.Children[0]->NullCount = -1;

        using RecordBatch taken = ArrowBatchImport.Take(&array, batch.Schema);

        Assert.Equal(0, taken["x"].NullCount);
        Assert.Equal([1, 2], taken.Values<int>("x"));
    }

    [Fact]
    public void Read_TimestampWithoutZone_IsTakenAsUtc()
    {
        ArrowCSchema schema;
        ArrowSchemaExport.Write(new Schema(new Field("at", ColumnType.TimestampMicros)), &schema);
        schema.Children[0]->Format[4] = 0; // tsu:UTC becomes tsu:

        Assert.Equal(ColumnType.TimestampMicros, ArrowSchemaImport.Read(&schema).Fields[0].Type);
        ArrowCSchema.ReleaseOnce(&schema);
    }

    [Theory]
    [InlineData("L")]
    [InlineData("U")]
    [InlineData("e")]
    [InlineData("z")]
    public void Read_FormatTheEngineLacks_IsRefusedByName(string format)
    {
        ArrowCSchema schema;
        ArrowSchemaExport.Write(new Schema(new Field("amount", ColumnType.Int64)), &schema);
        schema.Children[0]->Format[0] = (byte)format[0];

        ChurnDataException error = ReadFails(&schema);

        Assert.Contains($"'amount' has the Arrow format '{format}'", error.Message);
        ArrowCSchema.ReleaseOnce(&schema);
    }

    [Fact]
    public void Read_DictionaryWithOtherCodes_IsRefused()
    {
        ArrowCSchema schema;
        ArrowSchemaExport.Write(new Schema(new Field("plan", ColumnType.Dictionary)), &schema);
        schema.Children[0]->Format[0] = (byte)'l';

        Assert.Contains("dictionary<l, u>", ReadFails(&schema).Message);
        ArrowCSchema.ReleaseOnce(&schema);
    }

    private static ChurnDataException ReadFails(ArrowCSchema* schema) => Assert.Throws<ChurnDataException>(() => ArrowSchemaImport.Read(schema));
}
