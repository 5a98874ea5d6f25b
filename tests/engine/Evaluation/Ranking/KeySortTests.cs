using System.Buffers;

namespace ChurnEngine.Evaluation.Tests;

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
            for (int i = 0; i < count; i++)
                keys[i] = (ulong)random.NextInt64() & mask;
            ulong[] expected = keys[..count];
            KeySort.Scalar(expected);

            Assert.Equal(expected, KeySort.Run(keys, count)[..count]);
        }
    }
}
