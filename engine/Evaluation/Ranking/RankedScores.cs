using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Evaluation;

/// <summary>Rows that share one score, with their labels counted.</summary>
internal readonly record struct TieGroup(float Score, int Negatives, int Positives)
{
    public int Count => Negatives + Positives;
}

/// <summary>Scores and labels sorted once for every metric that asks only for ranks. Ties form one group, so no metric can depend on their order.</summary>
/// <remarks>
/// One 64-bit key holds a row, so that the sort moves 8 bytes and needs no index:
/// <code>
///   bit 63..33  0
///   bit 32..1   the float's bits, mapped so that unsigned order is numeric order
///   bit 0       the label
/// </code>
/// Memory: 16 bytes a row from the shared pool until Dispose.
/// </remarks>
internal sealed class RankedScores : IDisposable
{
    private ulong[] _keys;

    private RankedScores(ulong[] keys, int count, int positives)
    {
        _keys = keys;
        Count = count;
        Positives = positives;
    }

    public int Count { get; }

    public int Positives { get; }

    public int Negatives => Count - Positives;

    public bool HasBothClasses => Positives > 0 && Negatives > 0;

    /// <summary>Sorts. Errors: <see cref="ArgumentException"/> when the lengths differ, a score is NaN or a label is not 0 or 1.</summary>
    public static RankedScores Sort(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        if (scores.Length != labels.Length)
            throw new ArgumentException($"{scores.Length} scores but {labels.Length} labels", nameof(labels));
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(scores.Length);
        int positives = 0;
        for (int row = 0; row < scores.Length; row++)
        {
            float score = scores[row];
            float label = labels[row];
            if (float.IsNaN(score) || !(label is 0 or 1))
            {
                ArrayPool<ulong>.Shared.Return(keys);
                throw new ArgumentException($"row {row}: score {score}, label {label}; a score must be a number and a label 0 or 1", nameof(scores));
            }
            uint bit = label == 1 ? 1u : 0u;
            positives += (int)bit;
            keys[row] = ((ulong)OrderedBits(score) << 1) | bit;
        }
        return new RankedScores(KeySort.Run(keys, scores.Length), scores.Length, positives);
    }

    /// <summary>Groups from the highest score to the lowest.</summary>
    public DescendingGroups GetEnumerator() => new(_keys.AsSpan(0, Count));

    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_keys);
        _keys = [];
    }

    // Negative floats count down as their bits count up: flip all their bits, and only the sign of the others.
    // Adding zero makes -0 the same key as +0.
    internal static uint OrderedBits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return bits ^ ((uint)((int)bits >> 31) | 0x8000_0000u);
    }

    private static float FromOrderedBits(uint ordered) =>
        BitConverter.UInt32BitsToSingle((ordered & 0x8000_0000u) != 0 ? ordered ^ 0x8000_0000u : ~ordered);

    internal ref struct DescendingGroups(ReadOnlySpan<ulong> keys)
    {
        private readonly ReadOnlySpan<ulong> _keys = keys;
        private int _end = keys.Length;

        public TieGroup Current { get; private set; }

        public bool MoveNext()
        {
            if (_end == 0)
                return false;
            ulong score = _keys[_end - 1] >>> 1;
            int start = _end - 1;
            int positives = (int)(_keys[start] & 1);
            while (start > 0 && _keys[start - 1] >>> 1 == score)
                positives += (int)(_keys[--start] & 1);
            Current = new TieGroup(FromOrderedBits((uint)score), _end - start - positives, positives);
            _end = start;
            return true;
        }
    }
}
