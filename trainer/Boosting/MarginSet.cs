using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Rows with their bins and their margins so far.</summary>
/// <remarks>Memory: F + 8 bytes a row; owns both.</remarks>
internal sealed class MarginSet : IDisposable
{
    private readonly WorkTeam _team;
    private readonly double[] _chunkLoss;
    private readonly double _weightSum;

    public MarginSet(LabelledRows rows, double weightSum, FeatureBins bins, WorkTeam team)
    {
        Rows = rows;
        _weightSum = weightSum;
        _team = team;
        Matrix = BinnedMatrix.Build(rows.Matrix, bins, team);
        Margins = NativeBuffer<double>.Allocate(Matrix.RowCount);
        _chunkLoss = new double[WorkTeam.ChunkCount(Matrix.RowCount)];
    }

    public LabelledRows Rows { get; }

    public BinnedMatrix Matrix { get; }

    /// <summary>[N] base margin and the trees so far, added in tree order.</summary>
    public NativeBuffer<double> Margins { get; }

    public void Reset(double baseMargin) =>
        _team.RunChunks(Matrix.RowCount, (_, start, count) => Margins.Slice(start, count).Fill(baseMargin));

    /// <summary>Weighted mean loss at the present margins; chunks are added in their order.</summary>
    public double Loss<TObjective>() where TObjective : IObjective
    {
        _team.RunChunks(Matrix.RowCount, (chunk, start, count) => _chunkLoss[chunk] = TObjective.Loss(Rows.LossRows(Margins, start, count)));
        double sum = 0;
        foreach (double loss in _chunkLoss)
            sum += loss;
        return sum / _weightSum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        Margins.Dispose();
    }
}
