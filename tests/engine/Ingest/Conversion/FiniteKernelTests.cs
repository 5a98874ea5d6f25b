using System.Numerics;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Ingest.Tests;

public class FiniteKernelTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 70)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Run_AnyLengthOneHostileValueAnywhere_EqualsScalar(int count)
    {
        AssertEqual<float>(count, [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon, float.MaxValue, float.MinValue]);
        AssertEqual<double>(count, [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, double.MaxValue, double.MinValue]);
    }

    private static void AssertEqual<T>(int count, T[] hostile) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Values beyond either end must not count.
        T[] room = [T.NaN, .. Enumerable.Repeat(T.One, count), T.NaN];
        Assert.True(FiniteKernel.Run<T>(room.AsSpan(1, count)));
        for (int at = 1; at <= count; at++)
        {
            foreach (T value in hostile)
            {
                room[at] = value;
                Assert.Equal(T.IsFinite(value), FiniteKernel.Scalar<T>(room.AsSpan(1, count)));
                Assert.Equal(T.IsFinite(value), FiniteKernel.Run<T>(room.AsSpan(1, count)));
            }
            room[at] = T.One;
        }
    }
}
