namespace ChurnEngine.Models;

/// <summary>A set of category codes, kept as bits. Codes that are not whole numbers, negative or beyond the words are not members.</summary>
public sealed class CategorySet : IEquatable<CategorySet>
{
    private readonly ulong[] _words;

    /// <summary>Codes end before this: beyond it a float no longer tells one whole number from the next.</summary>
    public const int MostCodes = 1 << 24;

    /// <summary>Makes the set of <paramref name="codes"/>.</summary>
    /// <param name="codes">0 to <see cref="MostCodes"/> - 1, any order.</param>
    public CategorySet(IEnumerable<int> codes)
    {
        int[] sorted = [.. codes.Distinct().Order()];
        if (sorted.Length > 0)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sorted[0], nameof(codes));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sorted[^1], MostCodes, nameof(codes));
        }
        Codes = sorted;
        _words = new ulong[sorted.Length == 0 ? 0 : sorted[^1] / 64 + 1];
        foreach (int code in sorted)
            _words[code >>> 6] |= 1UL << (code & 63);
    }

    /// <summary>The members, ascending.</summary>
    public IReadOnlyList<int> Codes { get; }

    /// <summary>True when <paramref name="value"/> is exactly one of the codes. NaN is not.</summary>
    public bool Contains(float value)
    {
        int code = (int)value;
        return code == value && (uint)code < (uint)(_words.Length * 64) && (_words[code >>> 6] >>> (code & 63) & 1) != 0;
    }

    /// <inheritdoc/>
    public bool Equals(CategorySet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CategorySet);

    /// <inheritdoc/>
    public override int GetHashCode() => _words.Aggregate(17, (hash, word) => HashCode.Combine(hash, word));
}
