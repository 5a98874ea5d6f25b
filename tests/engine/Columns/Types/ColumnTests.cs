namespace ChurnEngine.Columns.Tests.Types;

public class ColumnTests
{
    [Fact]
    public void Validity_NoNulls_IsEmptyEvenWithABitmap()
    {
        using var column = new PrimitiveColumn<int>(ColumnType.Int32, NativeBuffer<int>.CopyOf([1, 2]), 2, NativeBuffer<byte>.CopyOf([0xFF]));
        Assert.Equal(0, column.NullCount);
        Assert.True(column.Validity.IsEmpty);
        Assert.False(column.IsNull(1));
    }

    [Fact]
    public void NullCount_BitsPastTheEnd_AreNotCounted()
    {
        using var column = new PrimitiveColumn<int>(ColumnType.Int32, NativeBuffer<int>.CopyOf([1, 2, 3]), 3, NativeBuffer<byte>.CopyOf([0b0000_0101]));
        Assert.Equal(1, column.NullCount);
        Assert.True(column.IsNull(1));
    }

    [Fact]
    public void Constructor_BuffersTooShort_Throws()
    {
        using NativeBuffer<int> two = NativeBuffer<int>.AllocateZeroed(2);
        using NativeBuffer<byte> one = NativeBuffer<byte>.AllocateZeroed(1);
        using var empty = new Utf8Column(NativeBuffer<int>.AllocateZeroed(1), NativeBuffer<byte>.Allocate(0), 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrimitiveColumn<int>(ColumnType.Int32, two, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrimitiveColumn<int>(ColumnType.Int32, two, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BooleanColumn(one, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Utf8Column(two, one, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DictionaryColumn(two, empty, 3));
        Assert.Throws<ArgumentException>(() => new PrimitiveColumn<int>(ColumnType.Int64, two, 2));
    }

    [Fact]
    public void Dispose_Twice_DoesNothingAndReadingThrows()
    {
        var column = new PrimitiveColumn<int>(ColumnType.Int32, NativeBuffer<int>.CopyOf([1]), 1);
        column.Dispose();
        column.Dispose();
        Assert.Throws<ObjectDisposedException>(() => column.Values.Length);
    }

    [Theory]
    [InlineData(ColumnType.Int8, true, false)]
    [InlineData(ColumnType.Float64, true, false)]
    [InlineData(ColumnType.Boolean, false, false)]
    [InlineData(ColumnType.Date32, false, false)]
    [InlineData(ColumnType.TimestampMicros, false, false)]
    [InlineData(ColumnType.Utf8, false, true)]
    [InlineData(ColumnType.Dictionary, false, true)]
    public void ColumnTypes_Groups_AreAsDocumented(ColumnType type, bool numeric, bool text) =>
        Assert.Equal((numeric, text), (type.IsNumeric(), type.IsText()));

    [Fact]
    public void ArrowFormat_EveryType_IsTheFormatString() =>
        Assert.Equal(["b", "c", "s", "i", "l", "f", "g", "tdD", "tsm:UTC", "tsu:UTC", "u", "i"], Enum.GetValues<ColumnType>().Select(type => type.ArrowFormat()));
}
