using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>How the values of a column of a block lie.</summary>
/// <param name="Kind">0: as they are; 1: packed; 2: only of late rows.</param>
/// <param name="Least">Least value packed; of late rows, how many there are.</param>
/// <param name="Most">Greatest value packed; of late rows, how late the latest is, microseconds.</param>
/// <param name="Unit">All values packed are multiples of it.</param>
/// <param name="HasMissing">1 when some value is missing.</param>
/// <param name="Power">Ten to the number of decimals; 0 where the column holds no decimals.</param>
internal readonly record struct ColumnForm(long Kind, long Least, long Most, long Unit, long HasMissing, long Power)
{
    /// <summary>Numbers that write it down.</summary>
    public const int Length = 6;

    public const long KindPacked = 1, KindLate = 2;

    public NumberFrame Frame => new(Least, Most, Unit, HasMissing != 0);

    public static ColumnForm Packed(NumberFrame frame) => new(KindPacked, frame.Least, frame.Most, frame.Unit, frame.HasMissing ? 1 : 0, 0);

    public static ColumnForm Late(int count, long latest) => new(KindLate, count, latest, 0, 0, 0);

    public static ColumnForm Read(ReadOnlySpan<long> numbers) => new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);

    public void Write(Span<long> numbers) =>
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) = (Kind, Least, Most, Unit, HasMissing, Power);
}

/// <summary>Makes the columns of blocks: in as few bytes as the runs that they are made of take.</summary>
internal static class StoreColumns
{
    /// <summary>Columns with every value as it is, for rows that come one by one.</summary>
    public static StoreColumn[] Plain(StoreShape shape, long rows) => [.. shape.Types.Select(type => Plain(type, rows))];

    /// <summary>Columns for the rows of some buckets.</summary>
    public static StoreColumn[] For(BucketedRows table, (int First, int End) buckets, long rows)
    {
        StoreShape shape = table.Shape;
        TableRun[] runs = [.. table.Runs.Where(run => run.Bounds.Start(buckets.End) > run.Bounds.Start(buckets.First))];
        var columns = new StoreColumn[shape.Types.Count];
        columns[StoreShape.Time] = Plain(CellType.Int64, rows);
        for (int column = StoreShape.Time + 1; column < columns.Length; column++)
        {
            RunColumn[] made = [.. runs.Select(run => run.Column(column))];
            columns[column] = column == shape.Known ? Known(made, buckets, (PlainStoreColumn<long>)columns[StoreShape.Time], rows) : shape.Types[column] switch
            {
                CellType.Int64 => Whole<long>(Unite(made.Select(run => ((RunColumn<long>)run).Frame)), rows),
                CellType.Int32 => Whole<int>(Unite(made.Select(run => ((RunColumn<int>)run).Frame)), rows),
                CellType.UInt16 => Whole<ushort>(ClassFrame(Unite(made.Select(run => ((RunColumn<ushort>)run).Frame))), rows),
                _ => Number(made, rows),
            };
        }
        return columns;
    }

    /// <summary>The column that <see cref="StoreColumn.WriteTo"/> wrote.</summary>
    public static StoreColumn Read(BlockFileReader file, CellType type, ColumnForm form, (PlainStoreColumn<long>? Time, long Rows) store)
    {
        if (form.Kind == ColumnForm.KindLate)
            return new LateStoreColumn(store.Time!, form, file.Read<int>(form.Least), file.Read<long>(form.Least));
        if (form.Kind != ColumnForm.KindPacked)
        {
            return type switch
            {
                CellType.Int64 => new PlainStoreColumn<long>(file.Read<long>(store.Rows)),
                CellType.Float64 => new PlainStoreColumn<double>(file.Read<double>(store.Rows)),
                CellType.Int32 => new PlainStoreColumn<int>(file.Read<int>(store.Rows)),
                _ => new PlainStoreColumn<ushort>(file.Read<ushort>(store.Rows)),
            };
        }
        NativeBuffer<byte> packed = file.Read<byte>(store.Rows * form.Frame.Bytes);
        return type switch
        {
            CellType.Int64 => new PackedStoreColumn<long>(form.Frame, packed),
            CellType.Float64 => new DecimalStoreColumn(new PackedStoreColumn<long>(form.Frame, packed), form.Power),
            CellType.Int32 => new PackedStoreColumn<int>(form.Frame, packed),
            _ => new PackedStoreColumn<ushort>(form.Frame, packed),
        };
    }

    private static StoreColumn Plain(CellType type, long rows) => type switch
    {
        CellType.Int64 => new PlainStoreColumn<long>(NativeBuffer<long>.Allocate(rows)),
        CellType.Float64 => new PlainStoreColumn<double>(NativeBuffer<double>.Allocate(rows)),
        CellType.Int32 => new PlainStoreColumn<int>(NativeBuffer<int>.Allocate(rows)),
        _ => new PlainStoreColumn<ushort>(NativeBuffer<ushort>.Allocate(rows)),
    };

    private static StoreColumn<long> Known(RunColumn[] runs, (int First, int End) buckets, PlainStoreColumn<long> time, long rows) =>
        runs.All(run => run is LateRunColumn { IsSparse: true })
            ? new LateStoreColumn(time, runs.Sum(run => ((LateRunColumn)run).LateIn(buckets.First, buckets.End)))
            : (StoreColumn<long>)Plain(CellType.Int64, rows);

    private static StoreColumn Whole<T>(NumberFrame frame, long rows) where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        frame.Bytes < System.Runtime.CompilerServices.Unsafe.SizeOf<T>() ? new PackedStoreColumn<T>(frame, NativeBuffer<byte>.Allocate(rows * frame.Bytes)) : new PlainStoreColumn<T>(NativeBuffer<T>.Allocate(rows));

    private static StoreColumn Number(RunColumn[] runs, long rows)
    {
        DecimalRunColumn[] decimals = [.. runs.OfType<DecimalRunColumn>()];
        long power = decimals.Length == 0 ? 1 : decimals.Max(run => run.Power);
        // A run's numbers have nine digits and four decimals at most, so this does not overflow.
        NumberFrame frame = Unite(decimals.Select(run => run.Frame.Times(power / run.Power)));
        return decimals.Length < runs.Length || frame.Bytes == sizeof(long)
            ? Plain(CellType.Float64, rows)
            : new DecimalStoreColumn(new PackedStoreColumn<long>(frame, NativeBuffer<byte>.Allocate(rows * frame.Bytes)), power);
    }

    private static NumberFrame Unite(IEnumerable<NumberFrame> frames) => frames.Aggregate(NumberFrame.None, (united, frame) => united.Unite(frame));

    // A class is its packed number: readers look at the bytes themselves.
    private static NumberFrame ClassFrame(NumberFrame frame) => frame.Unite(new NumberFrame(0, 0, 1, false));
}
