using System.Buffers;

namespace ChurnEngine.Evaluation;

/// <summary>Rows that share one score, the weights of each class added up in row order.</summary>
internal readonly record struct WeightedGroup(double Negatives, double Positives);

/// <summary>Scores sorted once from the highest to the lowest, with labels and weights: what <see cref="RankedScores"/> is for rows that count alike.</summary>
/// <remarks>A key holds the score's ordered bits above the row, so equal scores stay in row order and the sums are the same wherever they are taken. Memory: 8 bytes a row from the shared pool; <c>foreach</c> gives them back.</remarks>
internal ref struct WeightedRanks
{
    private readonly ReadOnlySpan<float> _labels;
    private readonly ReadOnlySpan<float> _weights;
    private ulong[] _keys;
    private int _next;

    private WeightedRanks(ulong[] keys, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        _keys = keys;
        _labels = labels;
        _weights = weights;
    }

    /// <summary>Sorts. Errors: <see cref="ArgumentException"/> when the lengths differ, a score is NaN or a label is not 0 or 1.</summary>
    public static WeightedRanks Sort(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        if (scores.Length != labels.Length || weights.Length != labels.Length)
            throw new ArgumentException($"{scores.Length} scores, {labels.Length} labels, {weights.Length} weights", nameof(labels));
        for (int row = 0; row < scores.Length; row++)
        {
            if (float.IsNaN(scores[row]) || !(labels[row] is 0 or 1))
                throw new ArgumentException($"row {row}: score {scores[row]}, label {labels[row]}; a score must be a number and a label 0 or 1", nameof(scores));
        }
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(scores.Length);
        // Turned round, so that ascending keys are descending scores.
        for (int row = 0; row < scores.Length; row++)
            keys[row] = ((ulong)~RankedScores.OrderedBits(scores[row]) << 32) | (uint)row;
        keys.AsSpan(0, scores.Length).Sort();
        return new WeightedRanks(keys, labels, weights);
    }

    /// <summary>Groups from the highest score to the lowest; to be called once.</summary>
    public readonly WeightedRanks GetEnumerator() => this;

    public WeightedGroup Current { get; private set; }

    public bool MoveNext()
    {
        if (_next == _labels.Length)
            return false;
        ulong score = _keys[_next] >>> 32;
        double negatives = 0, positives = 0;
        for (; _next < _labels.Length && _keys[_next] >>> 32 == score; _next++)
        {
            int row = (int)(uint)_keys[_next];
            if (_labels[row] == 1)
                positives += _weights[row];
            else
                negatives += _weights[row];
        }
        Current = new WeightedGroup(negatives, positives);
        return true;
    }

    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_keys);
        _keys = [];
    }
}
