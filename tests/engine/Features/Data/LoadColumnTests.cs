namespace ChurnEngine.Features.Tests.Data;

/// <summary>Columns of a loader, narrow while they can be: what is appended comes out bit for bit, wherever the batches are cut and whatever makes a column change its form.</summary>
public sealed class LoadColumnTests
{
    private const int Rows = 5_000;

    [Theory]
    [InlineData("codes", true)]
    [InlineData("codes and missing", true)]
    [InlineData("all missing", true)]
    [InlineData("32 bits", true)]
    [InlineData("lowest", true)]
    [InlineData("wide at last", false)]
    [InlineData("micros", false)]
    public void Whole_AnyBatches_SameValues(string kind, bool isPacked)
    {
        var random = new Random(11);
        long[] values = [.. Enumerable.Range(0, Rows).Select(row => kind switch
        {
            "codes" => random.Next(-100, 100),
            "codes and missing" => row % 3 == 0 ? long.MinValue : random.Next(60_000),
            "all missing" => long.MinValue,
            "32 bits" => row % 2 == 0 ? int.MaxValue : int.MinValue + 1L,
            "lowest" => row == 77 ? int.MinValue : row,
            "wide at last" => row == Rows - 1 ? 1L << 40 : row % 5 == 0 ? long.MinValue : row,
            _ => 1_700_000_000_000_000 + random.NextInt64(1L << 45),
        })];
        AssertSame(() => new WholeLoadColumn(), values, column => Assert.Equal(isPacked, column is PackedRunColumn<long>));
    }

    [Theory]
    [InlineData("whole", 1)]
    [InlineData("cents", 100)]
    [InlineData("cents and NaN", 100)]
    [InlineData("finer and finer", 10_000)]
    [InlineData("all NaN", 1)]
    [InlineData("too fine at last", 0)]
    [InlineData("too large once finer", 0)]
    [InlineData("thirds", 0)]
    public void Number_AnyBatches_SameBits(string kind, long power)
    {
        var random = new Random(12);
        double[] values = [.. Enumerable.Range(0, Rows).Select(row => kind switch
        {
            "whole" => random.Next(-500, 500),
            "cents" => random.Next(60_000) / 100.0,
            "cents and NaN" => row % 7 == 0 ? double.NaN : random.Next(60_000) / 100.0,
            "finer and finer" => row % 9 == 0 ? double.NaN : random.Next(60_000) / Math.Pow(10, row * 5 / Rows),
            "all NaN" => double.NaN,
            "too fine at last" => row == Rows - 1 ? 1 / 3.0 : random.Next(60_000) / 100.0,
            "too large once finer" => row == Rows - 1 ? 0.5 : 2e9,
            _ => row / 3.0,
        })];
        AssertSame(() => new NumberLoadColumn(), values, column => Assert.Equal(power, column is DecimalRunColumn decimals ? decimals.Power : 0));
    }

    [Theory]
    [InlineData("few", true)]
    [InlineData("none", true)]
    [InlineData("many", false)]
    [InlineData("many at last", false)]
    [InlineData("many at first", true)]
    public void Late_AnyBatches_SameInstants(string kind, bool isSparse)
    {
        var random = new Random(13);
        long[] late = [.. Enumerable.Range(0, Rows).Select(row => kind switch
        {
            "few" => random.Next(50) == 0 ? random.NextInt64(-5, 1L << 40) : 0,
            "none" => 0,
            "many at last" => row > Rows * 3 / 4 ? row : 0,
            "many at first" => row < Rows / 10 ? row : 0,
            _ => random.NextInt64(1L << 40),
        })];
        long[] times = [.. Enumerable.Range(0, Rows).Select(_ => random.NextInt64(1L << 45))];
        foreach (int batch in Batches)
        {
            (byte[] buckets, int[] to, BucketBounds bounds) = Cut(Rows);
            using RunColumn<long> time = LoadColumn<long>.Cut(times, to, bounds);
            using var load = new LateLoadColumn();
            // Twice: what the first run was does not show in the second.
            for (int run = 0; run < 2; run++)
            {
                Append(load, late, batch);
                using LateRunColumn column = load.Close(to, bounds, time);
                Assert.Equal(isSparse, column.IsSparse);
                AssertRows(times.Zip(late, (t, l) => t + l).ToArray(), column, buckets, bounds);
            }
        }
    }

    [Fact]
    public void Forget_HalfABatch_LeavesNothing()
    {
        (byte[] buckets, int[] to, BucketBounds bounds) = Cut(300);
        long[] values = [.. Enumerable.Range(0, 300).Select(row => (long)row)];
        using var load = new WholeLoadColumn();
        Append(load, [long.MinValue, 5_000_000, -5], 3);
        load.Forget();
        Append(load, values, 100);
        using var column = (RunColumn<long>)load.Close(to, bounds);
        Assert.Equal(new NumberFrame(0, 299, 1, false), column.Frame);
        AssertRows(values, column, buckets, bounds);
    }

    private static int[] Batches => [1, 7, 255, 1024, Rows];

    private static void AssertSame<T>(Func<LoadColumn<T>> make, T[] values, Action<RunColumn> check) where T : unmanaged, IComparable<T>
    {
        foreach (int batch in Batches)
        {
            (byte[] buckets, int[] to, BucketBounds bounds) = Cut(values.Length);
            using LoadColumn<T> load = make();
            // Twice: what the first run was does not show in the second.
            for (int run = 0; run < 2; run++)
            {
                Append(load, values, batch);
                using var column = (RunColumn<T>)load.Close(to, bounds);
                check(column);
                AssertRows(values, column, buckets, bounds);
            }
            // A few rows are left as they are.
            (byte[] fewBuckets, int[] fewTo, BucketBounds fewBounds) = Cut(9);
            Append(load, values[..9], batch);
            using var few = (RunColumn<T>)load.Close(fewTo, fewBounds);
            Assert.IsType<PlainRunColumn<T>>(few);
            AssertRows(values[..9], few, fewBuckets, fewBounds);
        }
    }

    // All rows of one batch, every second of the next one, which holds each twice.
    private static void Append<T>(LoadColumn<T> column, T[] values, int batch) where T : unmanaged, IComparable<T>
    {
        int number = 0;
        foreach (T[] rows in values.Chunk(batch))
        {
            int[] all = [.. Enumerable.Range(0, rows.Length)];
            if (number++ % 2 == 0)
                column.AppendGather(rows, all);
            else
                column.AppendGather([.. rows.SelectMany(value => new[] { value, value })], [.. all.Select(row => 2 * row)]);
        }
    }

    private static (byte[] Buckets, int[] To, BucketBounds Bounds) Cut(int rows)
    {
        byte[] buckets = new byte[rows];
        new Random(14).NextBytes(buckets);
        int[] to = new int[rows];
        return (buckets, to, new BucketBounds(buckets, to));
    }

    private static void AssertRows<T>(T[] expected, RunColumn<T> column, byte[] buckets, BucketBounds bounds) where T : unmanaged, IComparable<T>
    {
        for (int bucket = 0; bucket < BucketBounds.Count; bucket++)
        {
            var rows = new T[bounds.RowsOf(bucket)];
            column.CopyTo(bucket, rows);
            Assert.Equal(Enumerable.Range(0, expected.Length).Where(row => buckets[row] == bucket).Select(row => expected[row]), rows);
        }
    }
}
