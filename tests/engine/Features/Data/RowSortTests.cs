namespace ChurnEngine.Features.Tests.Data;

public sealed class RowSortTests
{
    [Theory]
    [InlineData("shuffled")]
    [InlineData("sorted")]
    [InlineData("backwards")]
    [InlineData("equal")]
    [InlineData("few instants")]
    [InlineData("crowded")]
    [InlineData("ends of the range")]
    public void ByTime_AnyOrder_SortsAndTellsTies(string kind)
    {
        foreach (int rows in (int[])[0, 1, 2, 15, 16, 17, 100, 1_000, 10_000])
        {
            var random = new Random(rows);
            long[] before = [.. Enumerable.Range(0, rows).Select(row => kind switch
            {
                "shuffled" => random.NextInt64(1L << 45),
                "sorted" => row * 3L,
                "backwards" => -row,
                "equal" => 42,
                "few instants" => random.Next(5),
                // All but one in one slot.
                "crowded" => row == 0 ? long.MaxValue / 2 : random.NextInt64(1L << 30),
                _ => random.Next(3) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => random.NextInt64() },
            })];
            long[] times = [.. before];
            int[] places = [.. Enumerable.Range(0, rows)];
            bool tied = RowSort.ByTime(times, places, new long[rows], new int[rows]);
            Assert.Equal(before.Order(), times);
            Assert.Equal(times, places.Select(row => before[row]));
            Assert.Equal(rows, places.Distinct().Count());
            Assert.Equal(before.Distinct().Count() < rows, tied);
        }
    }
}
