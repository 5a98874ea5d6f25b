using System.Runtime.CompilerServices;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Rows with their bins and their margins so far.</summary>
/// <remarks>Memory: F + 8 bytes a row, 2 F + 8 where trees are grown on them, less where features share a byte, 4 more where a metric is asked for; owns them.</remarks>
internal sealed class MarginSet : IDisposable
{
    private readonly LabelledRows _lossRows;
    private readonly IObjective _objective;
    private readonly WorkTeam _team;
    private readonly double[] _chunkLoss;
    private readonly double _weightSum;
    private NativeBuffer<float>? _predicted;

    /// <param name="rows">Rows with their own weights.</param>
    /// <param name="lossRows">The same with the weights that the loss counts, those of classes included.</param>
    /// <param name="objective">What is minimised.</param>
    /// <param name="bins">Bins of the training rows.</param>
    /// <param name="grows">Whether trees are grown on these rows.</param>
    /// <param name="team">Runs chunks of rows.</param>
    public MarginSet(LabelledRows rows, LabelledRows lossRows, IObjective objective, FeatureBins bins, bool grows, WorkTeam team)
    {
        Rows = rows;
        _lossRows = lossRows;
        _objective = objective;
        _team = team;
        Matrix = BinnedMatrix.Build(rows.Matrix, bins, byColumn: grows, team);
        Margins = NativeBuffer<double>.Allocate(Matrix.RowCount);
        _chunkLoss = new double[WorkTeam.ChunkCount(Matrix.RowCount)];
        _weightSum = LabelStatistics.WeightSum(lossRows);
    }

    public LabelledRows Rows { get; }

    /// <summary>Rows as the loss weighs them.</summary>
    public LabelledRows LossRows => _lossRows;

    /// <summary>What is minimised.</summary>
    public IObjective Objective => _objective;

    public BinnedMatrix Matrix { get; }

    /// <summary>[N] where a row starts and the trees so far, added in tree order.</summary>
    public NativeBuffer<double> Margins { get; }

    /// <summary>Starts over from the base margin, each row's own initial margin and trees that are there already.</summary>
    public void Reset(double baseMargin, IReadOnlyList<DecisionTree> given)
    {
        var trees = new CompiledTrees(new TreeEnsemble { FeatureCount = Matrix.FeatureCount, BaseMargin = 0, Trees = given });
        _team.RunChunks(Matrix.RowCount, (_, start, count) =>
        {
            Span<double> margins = Margins.Slice(start, count);
            margins.Fill(baseMargin);
            for (int i = 0; i < Rows.InitialMargins.Length && i < count; i++)
                margins[i] += Rows.InitialMargins.Span[start + i];
            trees.Add(Rows.Matrix.Rows(start, count), margins);
        });
    }

    /// <summary>Adds the value of each leaf to the margins of its rows.</summary>
    /// <param name="grower">Holds the tree and, of each leaf, the rows; every row is in one.</param>
    /// <returns>Weighted mean loss thereafter.</returns>
    /// <remarks>By chunks of rows, whose margins stay near while the loss passes over them.</remarks>
    public double Add(TreeGrower grower)
    {
        _team.RunChunks(Matrix.RowCount, (chunk, start, count) =>
        {
            Add(grower, start, count);
            _chunkLoss[chunk] = _objective.Loss(_lossRows.LossRows(Margins, start, count));
        });
        return MeanLoss();
    }

    /// <summary>Weighted mean loss at the present margins; chunks are added in their order.</summary>
    public double Loss()
    {
        _team.RunChunks(Matrix.RowCount, (chunk, start, count) => _chunkLoss[chunk] = _objective.Loss(_lossRows.LossRows(Margins, start, count)));
        return MeanLoss();
    }

    /// <summary>A metric of what the model would predict at the present margins.</summary>
    public double Value(IMetric metric)
    {
        NativeBuffer<float> predicted = _predicted ??= NativeBuffer<float>.Allocate(Matrix.RowCount);
        _team.RunChunks(Matrix.RowCount, (_, start, count) =>
        {
            for (int row = start; row < start + count; row++)
                predicted[row] = (float)_objective.Link.Apply(Margins[row]);
        });
        return metric.Value(new MetricRows(Margins.Span, predicted.Span, Rows.Labels.Span, Rows.Weights.Span));
    }

    private double MeanLoss()
    {
        double sum = 0;
        foreach (double loss in _chunkLoss)
            sum += loss;
        return sum / _weightSum;
    }

    // A leaf's rows ascend, so those of a chunk lie side by side. The leaf of each row is written down first, in the first-level cache: margins are then read and written in order.
    [SkipLocalsInit]
    private unsafe void Add(TreeGrower grower, int start, int count)
    {
        ushort* leafOf = stackalloc ushort[WorkTeam.ChunkRows];
        ReadOnlySpan<double> values = grower.Tree.LeafValues;
        for (int leaf = 0; leaf < values.Length; leaf++)
        {
            ReadOnlySpan<int> rows = grower.RowsOf(leaf);
            rows = rows[FirstFrom(rows, start)..];
            rows = rows[..FirstFrom(rows[..Math.Min(rows.Length, count)], start + count)];
            foreach (int row in rows)
                leafOf[row - start] = (ushort)leaf;
        }
        double* margins = Margins.Pointer + start;
        fixed (double* value = values)
        {
            for (int row = 0; row < count; row++)
                margins[row] += value[leafOf[row]];
        }
    }

    // The place of the first id that is not below the given one.
    private static int FirstFrom(ReadOnlySpan<int> ascending, int row)
    {
        int place = ascending.BinarySearch(row);
        return place < 0 ? ~place : place;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        Margins.Dispose();
        _predicted?.Dispose();
    }
}
