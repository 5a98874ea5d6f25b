namespace ChurnEngine.Trainer.Tests;

public unsafe class MarginalKernelTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(128, 2)]
    [InlineData(2, 128)]
    [InlineData(13, 3, 5)]
    [InlineData(3, 5, 17)]
    [InlineData(2, 2, 2, 2, 2, 2, 2, 2)]
    [InlineData(9, 9, 3)]
    [InlineData(8, 31)]
    public void Run_AnyBundle_EqualsScalar(params int[] binCounts)
    {
        var random = new Random(binCounts.Length);
        int[] strides = [.. Enumerable.Range(0, binCounts.Length).Select(member => binCounts.Take(member).Aggregate(1, (product, bins) => product * bins))];
        var bundle = new FeatureBundle([.. Enumerable.Range(0, binCounts.Length)], strides, binCounts, binCounts.Aggregate(1, (product, bins) => product * bins));
        GradientSums[] codes = [.. Enumerable.Range(0, bundle.Codes).Select(_ => new GradientSums(random.Next(-1000, 1000), random.Next(1000), random.Next(9)))];
        using var joint = new SumsBuffer(codes);
        for (int member = 0; member < binCounts.Length; member++)
        {
            long[] fastRoom = new long[BinSums.LongsOf(256)], scalarRoom = new long[BinSums.LongsOf(256)];
            fastRoom.AsSpan().Fill(-7);
            fixed (long* fast = fastRoom, scalar = scalarRoom)
            {
                BinSums actual = MarginalKernel.Run(bundle, member, joint.Sums, fast), expected = MarginalKernel.Scalar(bundle, member, joint.Sums, scalar);
                Assert.Equal(expected.All.ToArray(), actual.All.ToArray());
                for (int bin = 0; bin < binCounts[member]; bin++)
                    Assert.Equal(codes.Where((_, code) => bundle.BinOf(member, code) == bin).Aggregate(default(GradientSums), (sum, one) => sum + one), expected[bin]);
            }
        }
    }
}
