using System.Buffers.Binary;

namespace ChurnEngine.Columns.Tests.Ipc;

public sealed class FlatBufferTests
{
    private static readonly IpcPlace Place = new("test", "metadata");

    [Fact]
    public void Builder_EveryKindOfField_ReadsBack()
    {
        var builder = new FlatBuilder();
        int text = builder.Text("größe");
        int empty = builder.Offsets([]);
        int structs = builder.Structs([1, -2, 3, long.MaxValue], 2);
        builder.StartTable();
        builder.Int32(0, 77);
        int child = builder.EndTable();
        int tables = builder.Offsets([child, child]);
        builder.StartTable();
        builder.Byte(0, 200);
        builder.Int64(1, long.MinValue);
        builder.Int16(2, -5);
        builder.Bool(3, true);
        builder.Offset(4, text);
        builder.Offset(5, child);
        builder.Offset(6, structs);
        builder.Offset(7, tables);
        builder.Offset(8, empty);
        FlatTable root = new FlatBytes(builder.Finish(builder.EndTable()), Place).Root;

        Assert.Equal(200, root.Byte(0));
        Assert.Equal(long.MinValue, root.Int64(1));
        Assert.Equal(-5, root.Int16(2));
        Assert.True(root.Bool(3));
        Assert.Equal("größe", root.Text(4));
        Assert.Equal(77, root.Table(5)!.Value.Int32(0));
        FlatVector pairs = root.Vector(6, 16);
        Assert.Equal([1, -2, 3, long.MaxValue], new[] { pairs.Int64(0), pairs.Int64(0, 8), pairs.Int64(1), pairs.Int64(1, 8) });
        Assert.Equal(77, root.Vector(7, 4).Table(1).Int32(0));
        Assert.Equal(0, root.Vector(8, 4).Count);
        Assert.Equal(9, root.Int16(40, absent: 9));
        Assert.Null(root.Text(41));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(9)]
    public void Root_OffsetToItselfOrOutside_IsRefused(int offset)
    {
        byte[] bytes = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, offset);

        Assert.Throws<ChurnDataException>(() => new FlatBytes(bytes, Place).Root);
    }

    [Fact]
    public void Reader_EveryByteOfATable_MayBeAnything()
    {
        var builder = new FlatBuilder();
        int text = builder.Text("name");
        int vector = builder.Structs([1, 2, 3, 4], 2);
        builder.StartTable();
        builder.Offset(0, text);
        builder.Offset(1, vector);
        byte[] good = builder.Finish(builder.EndTable()).ToArray();
        int refused = 0;
        for (int position = 0; position < good.Length; position++)
        {
            foreach (byte value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF })
            {
                byte[] bytes = [.. good];
                bytes[position] = value;
                try
                {
                    FlatTable root = new FlatBytes(bytes, Place).Root;
                    root.Text(0);
                    FlatVector structs = root.Vector(1, 16);
                    for (int i = 0; i < structs.Count; i++)
                        structs.Int64(i, 8);
                }
                catch (ChurnDataException)
                {
                    refused++;
                }
            }
        }
        Assert.True(refused > good.Length / 2, $"only {refused} of {good.Length * 5} were refused");
    }

    [Fact]
    public void Text_NamedManyTimes_IsNotDecodedForEver()
    {
        var builder = new FlatBuilder();
        int text = builder.Text(new string('a', 10_000));
        builder.StartTable();
        builder.Offset(0, text);
        FlatTable root = new FlatBytes(builder.Finish(builder.EndTable()), Place).Root;
        int decoded = 0;

        ChurnDataException error = Assert.Throws<ChurnDataException>(() =>
        {
            for (; decoded < 1000; decoded++)
                root.Text(0);
        });

        Assert.Contains("longer than its bytes allow", error.Message);
        Assert.InRange(decoded, 8, 16);
    }
}
