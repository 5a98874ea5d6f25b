using ChurnEngine.Columns;
using ChurnEngine.Explain;
using ChurnEngine.Models;

namespace ChurnEngine.Scoring;

/// <summary>The columns of reasons: contributions of those who get any, a block at a time, in words. Thread-safe.</summary>
internal sealed class ReasonColumns(IPredictor predictor, ReasonWriter writer, int count)
{
    // A block's contributions stay in the second-level cache.
    private const int BlockRows = 1024;

    // Contributions and margins are sums of the same few thousand doubles in another order.
    private const double Tolerance = 1e-9;

    private readonly IPredictor _predictor = CompiledTrees.For(predictor);
    private readonly IExplainer _explainer = CompiledShap.For(predictor);

    /// <summary>Writes the columns of a partition.</summary>
    /// <param name="matrix">[N] rows.</param>
    /// <param name="probability">[N]; a row gets reasons from its threshold on, another nulls.</param>
    /// <param name="flag">The model's own thresholds; null: <paramref name="from"/> counts.</param>
    /// <param name="from">0..1.</param>
    /// <remarks>Errors: <see cref="InvalidOperationException"/> when contributions do not add up to the margin: a bug, never written.</remarks>
    public Utf8Column[] Write(FeatureMatrix matrix, ReadOnlySpan<float> probability, FlagRule? flag, double from)
    {
        Utf8Builder[] columns = [.. Enumerable.Range(0, count).Select(_ => new Utf8Builder())];
        var explained = new int[BlockRows];
        double[] contributions = new double[BlockRows * matrix.FeatureCount], margins = new double[BlockRows];
        int written = 0;
        while (written < probability.Length)
        {
            int rows = 0, end = written;
            for (; end < probability.Length && rows < BlockRows; end++)
            {
                if (probability[end] >= (flag?.Of(matrix.Row(end)) ?? from))
                    explained[rows++] = end;
            }
            using FeatureMatrix block = matrix.Gather(explained.AsSpan(0, rows));
            Explain(block, contributions.AsSpan(0, rows * matrix.FeatureCount), margins.AsSpan(0, rows));
            for (int next = 0; written < end; written++)
            {
                IReadOnlyList<Reason> reasons = [];
                if (next < rows && explained[next] == written)
                    reasons = writer.Write(block.Row(next), contributions.AsSpan(next++ * matrix.FeatureCount, matrix.FeatureCount));
                for (int i = 0; i < columns.Length; i++)
                    columns[i].Append(i < reasons.Count ? reasons[i].Sentence : null);
            }
        }
        return [.. columns.Select(column => column.Build())];
    }

    private void Explain(FeatureMatrix block, Span<double> contributions, Span<double> margins)
    {
        ReadOnlySpan<float> rows = block.Rows(0, margins.Length);
        _explainer.Explain(rows, contributions);
        _predictor.Margins(rows, margins);
        for (int row = 0; row < margins.Length; row++)
        {
            double sum = _explainer.ExpectedMargin, size = Math.Abs(sum);
            foreach (double contribution in contributions.Slice(row * block.FeatureCount, block.FeatureCount))
                (sum, size) = (sum + contribution, size + Math.Abs(contribution));
            if (!(Math.Abs(sum - margins[row]) <= Tolerance * (1 + size)))
                throw ScoringErrors.ReasonsDoNotAddUp(margins[row], sum);
        }
    }
}
