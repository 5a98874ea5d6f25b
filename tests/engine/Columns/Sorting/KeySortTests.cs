using System.Buffers;

namespace ChurnEngine.Columns.Tests;

public class KeySortTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(2047), InlineData(2048), InlineData(2049), InlineData(10_007)]
    public void Run_AnyLength_EqualsScalar(int count)
    {
        foreach (ulong mask in new[] { (1UL << 33) - 1, 0x7FFUL, 0x7FFUL << 22, 0UL, 5UL })
        {
            var random = new Random(count);
            ulong[] keys = ArrayPool<ulong>.Shared.Rent(count);
            uint[] narrow = ArrayPool<uint>.Shared.Rent(count);
            for (int i = 0; i < count; i++)
            {
                keys[i] = (ulong)random.NextInt64() & mask;
                narrow[i] = (uint)keys[i];
            }
            ulong[] expected = keys[..count];
            uint[] expectedNarrow = narrow[..count];
            KeySort.Scalar<ulong>(expected);
            KeySort.Scalar<uint>(expectedNarrow);

            Assert.Equal(expected, KeySort.Run(keys, count)[..count]);
            Assert.Equal(expectedNarrow, KeySort.Run(narrow, count)[..count]);
        }
    }

    [Fact]
    public void OfFloat_AnyNumbers_SortAsTheyDo()
    {
        float[] ascending = [float.NegativeInfinity, float.MinValue, -1.5f, -float.Epsilon, -0f, 0f, float.Epsilon, 1e-30f, 1, 1.0000001f, float.MaxValue, float.PositiveInfinity];
        uint[] keys = [.. ascending.Select(KeySort.OfFloat)];
        Assert.Equal(keys.Order(), keys);
        Assert.Distinct(keys);
        Assert.Equal(ascending.Select(BitConverter.SingleToInt32Bits), keys.Select(key => BitConverter.SingleToInt32Bits(KeySort.ToFloat(key))));
    }
}
