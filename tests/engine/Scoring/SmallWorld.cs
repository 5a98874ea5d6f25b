using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Scoring.Tests;

/// <summary>A hand-made model of two features and a customer base of a few partitions, some of them empty.</summary>
internal sealed class SmallWorld : IScoringSource
{
    private readonly int[] _partitionRows;
    private int _loads;

    public SmallWorld(params int[] partitionRows) => _partitionRows = partitionRows;

    public static IReadOnlyList<FeatureInfo> Infos { get; } =
    [
        new() { Name = "days_since_play", Unit = "days" },
        new() { Name = "plan", Kind = FeatureKind.Categorical, Categories = ["free", "paid"] },
    ];

    /// <summary>Partitions loaded so far.</summary>
    public int Loads => _loads;

    public string KeyName => "customer_id";

    public ColumnType KeyType => ColumnType.Int64;

    public IReadOnlyList<FeatureInfo> Features { get; init; } = Infos;

    public long? AsOf => 1_700_000_000_000_000;

    public int PartitionCount => _partitionRows.Length;

    public long RowCount => _partitionRows.Sum();

    /// <summary>Rows that each partition says it refused.</summary>
    public long Refused { get; init; }

    /// <summary>Called before a partition is made; a test throws or cancels here.</summary>
    public Action<int> BeforeLoad { get; init; } = _ => { };

    public static ChurnModel Model { get; } = new()
    {
        Predictor = new TreeEnsemble
        {
            FeatureCount = 2,
            BaseMargin = -1,
            Trees =
            [
                new DecisionTree
                {
                    Feature = [0, 1],
                    Threshold = [10, float.NaN],
                    LeftCategories = [null, new CategorySet([1])],
                    MissingGoesLeft = [false, true],
                    Left = [1, ~1],
                    Right = [~0, ~2],
                    LeafValue = [2, -1, 0.5],
                    LeafCover = [30, 50, 20],
                },
            ],
        },
        Metadata = new ModelMetadata { Features = Infos, PlanHash = new string('a', 64), Threshold = 0.5 },
        Version = "m-test",
    };

    public ScoringPartition Load(int partition)
    {
        BeforeLoad(partition);
        Interlocked.Increment(ref _loads);
        int rows = _partitionRows[partition];
        FeatureMatrix matrix = FeatureMatrix.Allocate(Infos, rows);
        NativeBuffer<long> keys = NativeBuffer<long>.Allocate(rows);
        for (int row = 0; row < rows; row++)
        {
            keys[row] = partition * 1000 + row;
            matrix.Row(row)[0] = row % 5 == 0 ? float.NaN : row;
            matrix.Row(row)[1] = row % 3 - 1 is var code && code < 0 ? float.NaN : code;
        }
        return new ScoringPartition(matrix, new PrimitiveColumn<long>(ColumnType.Int64, keys, rows)) { Refused = Refused };
    }
}
