using System.Runtime.InteropServices;
using System.Text;

namespace ChurnEngine.Features;

/// <summary>Told of a text of a categorical feature that the plan does not know, once for each row that has it; the row's feature is missing then.</summary>
/// <param name="feature">0..F-1.</param>
/// <param name="text">The text; valid during the call.</param>
public delegate void UnknownLevelObserver(int feature, ReadOnlySpan<char> text);

/// <summary>A text that training did not know.</summary>
/// <param name="Text">As the data has it.</param>
/// <param name="Rows">Rows that have it.</param>
public readonly record struct UnknownLevel(string Text, long Rows);

/// <summary>Counts texts of categorical features that training did not know: to the model they are missing, and only here they are told from rows without a value. Thread-safe.</summary>
/// <remarks>Whole numbers, so that the counts do not depend on who counts what first. Memory: the distinct texts. A feature with more than <see cref="MostTexts"/> of them is
/// no category any more: then its rows alone are counted, and no text is kept.</remarks>
public sealed class UnknownLevels
{
    /// <summary>Distinct texts of a feature that are kept.</summary>
    public const int MostTexts = 10_000;

    private readonly Lock _lock = new();
    private readonly long[] _rows;
    private readonly Dictionary<string, long>?[] _texts;

    /// <summary>Makes counters, all 0.</summary>
    /// <param name="features">F.</param>
    public UnknownLevels(int features) => (_rows, _texts) = (new long[features], [.. Enumerable.Range(0, features).Select(_ => new Dictionary<string, long>(StringComparer.Ordinal))]);

    /// <summary>Counts a row. As <see cref="UnknownLevelObserver"/>.</summary>
    public void Add(int feature, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            _rows[feature]++;
            if (_texts[feature] is not { } texts)
                return;
            CollectionsMarshal.GetValueRefOrAddDefault(texts.GetAlternateLookup<ReadOnlySpan<char>>(), text, out _)++;
            if (texts.Count > MostTexts)
                _texts[feature] = null;
        }
    }

    /// <summary>Counts a row whose text is UTF-8.</summary>
    /// <param name="feature">0..F-1.</param>
    /// <param name="utf8">Its bytes.</param>
    public void Add(int feature, ReadOnlySpan<byte> utf8)
    {
        Span<char> characters = utf8.Length <= 256 ? stackalloc char[256] : new char[utf8.Length];
        Add(feature, (ReadOnlySpan<char>)characters[..Encoding.UTF8.GetChars(utf8, characters)]);
    }

    /// <summary>Takes in what another counted of the same features.</summary>
    public void Add(UnknownLevels other)
    {
        ArgumentNullException.ThrowIfNull(other);
        lock (_lock)
        {
            for (int feature = 0; feature < _rows.Length; feature++)
            {
                _rows[feature] += other._rows[feature];
                Dictionary<string, long>? texts = _texts[feature], more = other._texts[feature];
                if (texts is null || more is null)
                {
                    _texts[feature] = null;
                    continue;
                }
                foreach ((string text, long rows) in more)
                    CollectionsMarshal.GetValueRefOrAddDefault(texts, text, out _) += rows;
                if (texts.Count > MostTexts)
                    _texts[feature] = null;
            }
        }
    }

    /// <summary>Rows in which a feature has a text that is not known.</summary>
    public long Rows(int feature) => _rows[feature];

    /// <summary>The texts of a feature, the most frequent first, equal ones in ordinal order; empty where there are more than <see cref="MostTexts"/>.</summary>
    /// <param name="feature">0..F-1.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<UnknownLevel> MostFrequent(int feature, int most) =>
        _texts[feature] is not { } texts ? [] : [.. texts.Select(pair => new UnknownLevel(pair.Key, pair.Value)).OrderByDescending(level => level.Rows).ThenBy(level => level.Text, StringComparer.Ordinal).Take(most)];
}
