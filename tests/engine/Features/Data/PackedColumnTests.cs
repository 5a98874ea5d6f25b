using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests.Data;

/// <summary>Columns of runs and blocks in fewer bytes: what goes in comes out, bit for bit.</summary>
public sealed class PackedColumnTests
{
    private const int Rows = 5_000;

    public static TheoryData<string, int> Frames => new()
    {
        { "codes", 1 }, { "codes with missing", 1 }, { "cents", 4 }, { "cents with missing", 4 }, { "seconds", 4 }, { "millis", 4 }, { "micros", 8 },
        { "all missing", 1 }, { "one value", 1 }, { "everything", 8 }, { "lowest and missing", 1 },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void Cut_WholeNumbers_SameValuesInFewerBytes(string kind, int bytes)
    {
        long[] values = Values(kind);
        Assert.Equal(bytes, NumberFrame.Of<long>(values).Bytes);
        AssertSame<long>(values, (to, bounds) => LoadColumn<long>.Cut(values, to, bounds));
    }

    [Theory]
    [InlineData("cents", 2)]
    [InlineData("cents and NaN", 2)]
    [InlineData("thirds", 8)]
    [InlineData("large", 8)]
    public void Cut_Numbers_SameBits(string kind, int bytes)
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, Rows).Select(row => kind switch
        {
            "thirds" => row / 3.0,
            "large" => row * 1e9 + 0.25,
            _ => kind == "cents and NaN" && row % 7 == 0 ? double.NaN : random.Next(60_000) / 100.0,
        })];
        AssertSame<double>(values, (to, bounds) =>
        {
            RunColumn<double> column = LoadColumn<double>.Cut(values, to, bounds);
            Assert.Equal((long)Rows * bytes, column.Bytes);
            return column;
        });
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(2, false)]
    public void Late_KnownAsTimeAndMore_SameInstants(int oneIn, bool isSparse)
    {
        var random = new Random(4);
        long[] time = Values("micros"), late = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(oneIn) == 0 ? random.NextInt64(-5, 1L << 40) : 0)];
        long[] known = [.. time.Zip(late, (t, l) => t + l)];
        AssertSame<long>(known, (to, bounds) =>
        {
            var column = new LateRunColumn(late, to, bounds, LoadColumn<long>.Cut(time, to, bounds));
            Assert.Equal(isSparse, column.IsSparse);
            return column;
        });
    }

    [Fact]
    public void Recode_PackedCodes_StandForTheMap()
    {
        var random = new Random(5);
        int[] codes = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(-1, 9))], map = [8, 7, 6, 5, 4, 3, 2, 1, 300];
        AssertSame<int>([.. codes.Select(code => code < 0 ? -1 : map[code])], (to, bounds) =>
        {
            RunColumn<int> column = LoadColumn<int>.Cut(codes, to, bounds);
            column.Recode(map);
            Assert.Equal(2, column.Frame.Bytes);
            return column;
        });
    }

    [Fact]
    public void LateStore_SealedAndPermuted_KnowsEachRow()
    {
        long[] late = [0, 7, 0, 3, 0, 0, 9, 0, .. new long[Rows]], times = [1, 1, 1, 1, 2, 3, 4, 5, .. Enumerable.Repeat(6L, Rows)];
        int[] all = [.. Enumerable.Range(0, late.Length)], to = new int[late.Length];
        var bounds = new BucketBounds(new byte[late.Length], to);
        RunColumn<long> runTime = LoadColumn<long>.Cut(times, to, bounds);
        using var run = new TableRun(0, bounds, new PlainRunColumn<long>(times, to, bounds), [runTime, new LateRunColumn(late, to, bounds, runTime)]);
        using var time = new PlainStoreColumn<long>(NativeBuffer<long>.CopyOf(times));
        using var store = new LateStoreColumn(time, 3);
        store.Place([run], 1, 0, all, all);
        store.Seal();
        Assert.Equal([1, 8, 1, 4, 2, 3, 13, 5], all[..8].Select(row => store[row]));
        store.Permute(0, [3, 2, 1, 0]);
        Assert.Equal([4, 1, 8, 1, 2, 3, 13, 5], all[..8].Select(row => store[row]));
        Assert.All(all[..20], row => Assert.All(Enumerable.Range(0, 20), instant => Assert.Equal(store[row] <= instant, store.IsKnown(row, instant))));
    }

    private static long[] Values(string kind)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, Rows).Select(row => kind switch
        {
            "codes" => random.Next(200) - 100,
            "cents" => random.NextInt64(-1_000_000, 1_000_000),
            "seconds" => 1_700_000_000_000_000 + random.Next() * 1_000_000L,
            "millis" => 1_700_000_000_000_000 + random.Next() * 1_000L,
            "micros" => 1_700_000_000_000_000 + random.NextInt64(1L << 45),
            "all missing" => long.MinValue,
            "one value" => 42,
            "everything" => row == 0 ? long.MinValue : row == 1 ? long.MaxValue : random.NextInt64(),
            "lowest and missing" => row % 2 == 0 ? long.MinValue : long.MinValue + 1 + row % 100,
            _ => row % 5 == 0 ? long.MinValue : kind.StartsWith("cents", StringComparison.Ordinal) ? random.NextInt64(-1_000_000, 1_000_000) : random.Next(200),
        })];
    }

    // Every bucket gives its rows in the order they came, one by one and together.
    private static void AssertSame<T>(T[] expected, Func<int[], BucketBounds, RunColumn<T>> cut) where T : unmanaged, IComparable<T>
    {
        var random = new Random(9);
        byte[] buckets = new byte[expected.Length];
        random.NextBytes(buckets);
        int[] to = new int[expected.Length];
        var bounds = new BucketBounds(buckets, to);
        using RunColumn<T> column = cut(to, bounds);
        for (int bucket = 0; bucket < BucketBounds.Count; bucket++)
        {
            var rows = new T[bounds.RowsOf(bucket)];
            column.CopyTo(bucket, rows);
            Assert.Equal(Enumerable.Range(0, expected.Length).Where(row => buckets[row] == bucket).Select(row => expected[row]), rows);
        }
        if (column.Frame.Bytes == 8 || column is not PackedRunColumn<int>)
            Assert.All(Enumerable.Range(0, 100), row => Assert.Equal(expected[row], column.At(to[row])));
    }
}
