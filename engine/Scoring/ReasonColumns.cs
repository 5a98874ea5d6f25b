using ChurnEngine.Columns;
using ChurnEngine.Explain;
using ChurnEngine.Models;

namespace ChurnEngine.Scoring;

/// <summary>The columns of reasons: contributions of those who get any, a block at a time, in words. Thread-safe.</summary>
/// <remarks>Memory: texts are put together as bytes and go straight into their column; nothing is allocated a row.</remarks>
internal sealed class ReasonColumns(IPredictor predictor, ReasonBook book, int count, IReadOnlyList<ReasonPart> parts)
{
    // A block's contributions stay in the second-level cache.
    private const int BlockRows = 1024;

    // Contributions and margins are sums of the same few thousand doubles in another order.
    private const double Tolerance = 1e-9;

    private readonly IPredictor _predictor = CompiledTrees.For(predictor);
    private readonly IExplainer _explainer = CompiledShap.For(predictor);
    private readonly ReasonWriter _writer = new(book, new ReasonOptions { Count = count });

    /// <summary>The columns in their order: reason by reason, part by part.</summary>
    public static IEnumerable<Field> Fields(int count, IReadOnlyList<ReasonPart> parts) =>
        Enumerable.Range(1, count).SelectMany(number => parts.Select(part => new Field(ReasonParts.ColumnOf(part, number), part == ReasonPart.Contribution ? ColumnType.Float32 : ColumnType.Utf8)));

    /// <summary>Writes the columns of a partition.</summary>
    /// <param name="matrix">[N] rows.</param>
    /// <param name="probability">[N]; a row gets reasons from its threshold on, another nulls.</param>
    /// <param name="flag">The model's own thresholds; null: <paramref name="from"/> counts.</param>
    /// <param name="from">0..1.</param>
    /// <remarks>Errors: <see cref="InvalidOperationException"/> when contributions do not add up to the margin: a bug, never written.</remarks>
    public Column[] Write(FeatureMatrix matrix, ReadOnlySpan<float> probability, FlagRule? flag, double from)
    {
        ColumnBuilder[] columns = [.. Fields(count, parts).Select(field => field.Type == ColumnType.Float32 ? (ColumnBuilder)new PrimitiveBuilder<float>(ColumnType.Float32) : new Utf8Builder())];
        int[] explained = new int[BlockRows], speakers = new int[count];
        double[] contributions = new double[BlockRows * matrix.FeatureCount], margins = new double[BlockRows], sums = new double[count];
        var text = new Utf8Text();
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
                int found = 0;
                ReadOnlySpan<float> row = default;
                if (next < rows && explained[next] == written)
                {
                    row = block.Row(next);
                    found = _writer.Choose(contributions.AsSpan(next++ * matrix.FeatureCount, matrix.FeatureCount), speakers, sums);
                }
                for (int reason = 0; reason < count; reason++)
                    Append(columns.AsSpan(reason * parts.Count, parts.Count), row, reason < found ? speakers[reason] : -1, sums[reason], text);
            }
        }
        return [.. columns.Select(column => column.Build())];
    }

    private void Append(ReadOnlySpan<ColumnBuilder> columns, ReadOnlySpan<float> row, int speaker, double sum, Utf8Text text)
    {
        for (int i = 0; i < columns.Length; i++)
        {
            if (speaker < 0)
            {
                columns[i].AppendNull();
                continue;
            }
            text.Clear();
            switch (parts[i])
            {
                case ReasonPart.Contribution:
                    ((PrimitiveBuilder<float>)columns[i]).Append((float)sum);
                    continue;
                case ReasonPart.Feature:
                    text.Append(book.NameOf(speaker));
                    break;
                case ReasonPart.Value:
                    ValueFormat.Write(text, book.Features[speaker], row[speaker]);
                    break;
                default:
                    book.SentenceOf(speaker).Write(text, row[speaker], ReasonDirection.Raises);
                    break;
            }
            ((Utf8Builder)columns[i]).Append(text.Written);
        }
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
