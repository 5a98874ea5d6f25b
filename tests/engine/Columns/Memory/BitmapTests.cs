namespace ChurnEngine.Columns.Tests.Memory;

public class BitmapTests
{
    private const int Longest = 200;
    private const int LargestOffset = 15;
    private const int Seed = 5;

    [Fact]
    public void CountSet_AnyLength_EqualsCountingOneByOne()
    {
        byte[] bitmap = RandomBytes();
        for (int length = 0; length <= Longest; length++)
        {
            int expected = Enumerable.Range(0, length).Count(i => Naive(bitmap, i));
            Assert.True(expected == Bitmap.CountSet(bitmap, length), $"length {length}, seed {Seed}");
        }
    }

    [Fact]
    public void Copy_AnyLengthAndOffset_EqualsCopyingOneByOne()
    {
        byte[] source = RandomBytes();
        byte[] target = new byte[Bitmap.ByteLength(Longest) + 2];
        for (int offset = 0; offset <= LargestOffset; offset++)
        {
            for (int length = 0; length <= Longest; length++)
            {
                int bytes = Bitmap.ByteLength(length);
                byte[] expected = new byte[target.Length];
                expected.AsSpan(bytes).Fill(0xAA);
                for (int i = 0; i < length; i++)
                    expected[i / 8] |= (byte)(Naive(source, offset + i) ? 1 << i % 8 : 0);
                target.AsSpan().Fill(0xAA);
                Bitmap.Copy(source, offset, length, target);
                Assert.True(expected.AsSpan().SequenceEqual(target), $"offset {offset}, length {length}, seed {Seed}");
            }
        }
    }

    [Fact]
    public void Copy_SourceThatEndsWithItsLastBit_ReadsNoFurther()
    {
        // 3 + 5 bits fill the only byte; 3 + 13 fill both.
        byte[] target = new byte[2];
        Bitmap.Copy([0b1111_1000], 3, 5, target);
        Assert.Equal([0b1_1111, 0], target);
        Bitmap.Copy([0b1111_1000, 0xFF], 3, 13, target);
        Assert.Equal([0xFF, 0b1_1111], target);
        Bitmap.Copy([], 0, 0, target);
    }

    [Fact]
    public void Set_AnyBit_ChangesThatBitOnly()
    {
        for (int index = 0; index < 40; index++)
        {
            byte[] ones = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
            byte[] zeros = new byte[5];
            Bitmap.Set(ones, index, false);
            Bitmap.Set(zeros, index, true);
            for (int i = 0; i < 40; i++)
            {
                Assert.Equal(i != index, Bitmap.Get(ones, i));
                Assert.Equal(i == index, Bitmap.Get(zeros, i));
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(64, 8)]
    public void ByteLength_Bits_RoundsUp(int bits, int bytes) => Assert.Equal(bytes, Bitmap.ByteLength(bits));

    private static bool Naive(byte[] bitmap, int index) => (bitmap[index / 8] / (1 << index % 8)) % 2 == 1;

    private static byte[] RandomBytes()
    {
        byte[] bytes = new byte[Bitmap.ByteLength(Longest + LargestOffset)];
        new Random(Seed).NextBytes(bytes);
        return bytes;
    }
}
