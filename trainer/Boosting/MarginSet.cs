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

    public BinnedMatrix Matrix { get; }

    /// <summary>[N] where a row starts and the trees so far, added in tree order.</summary>
    public NativeBuffer<double> Margins { get; }

    /// <summary>Starts over from the base margin, each row's own initial margin and trees that are there already.</summary>
    public void Reset(double baseMargin, IReadOnlyList<DecisionTree> given) =>
        _team.RunChunks(Matrix.RowCount, (_, start, count) =>
        {
            Span<double> margins = Margins.Slice(start, count);
            margins.Fill(baseMargin);
            for (int i = 0; i < Rows.InitialMargins.Length && i < count; i++)
                margins[i] += Rows.InitialMargins.Span[start + i];
            foreach (DecisionTree tree in given)
            {
                for (int i = 0; i < count; i++)
                    margins[i] += tree.LeafValue[tree.FindLeaf(Rows.Matrix.Row(start + i))];
            }
        });

    /// <summary>Weighted mean loss at the present margins; chunks are added in their order.</summary>
    public double Loss()
    {
        _team.RunChunks(Matrix.RowCount, (chunk, start, count) => _chunkLoss[chunk] = _objective.Loss(_lossRows.LossRows(Margins, start, count)));
        double sum = 0;
        foreach (double loss in _chunkLoss)
            sum += loss;
        return sum / _weightSum;
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        Margins.Dispose();
        _predicted?.Dispose();
    }
}
