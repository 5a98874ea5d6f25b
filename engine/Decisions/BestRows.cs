namespace ChurnEngine.Decisions;

/// <summary>A row worth contacting. Ranks by expected value, equal ones by row, so that no two tie.</summary>
internal readonly record struct Candidate(double ExpectedValue, int Row) : IComparable<Candidate>
{
    public int CompareTo(Candidate other)
    {
        int byValue = other.ExpectedValue.CompareTo(ExpectedValue);
        return byValue != 0 ? byValue : Row.CompareTo(other.Row);
    }
}

/// <summary>Keeps the best k of a stream of candidates in room for about 2k, whatever the length of the stream.</summary>
/// <remarks>When the room is full, quickselect moves the best k to the front and the rest is forgotten: O(N) in all. Deterministic.</remarks>
internal sealed class BestRows(int wanted, int rows)
{
    private const int LeastRoom = 4096;

    private readonly int _room = (int)Math.Min(rows, Math.Max(2L * wanted, LeastRoom));
    private Candidate[] _kept = new Candidate[Math.Min(rows, LeastRoom)];
    private int _count;

    public void Add(Candidate candidate)
    {
        if (_count == _kept.Length)
            MakeRoom();
        _kept[_count++] = candidate;
    }

    /// <summary>The best k, best first.</summary>
    public ReadOnlySpan<Candidate> Ranked()
    {
        Trim();
        Span<Candidate> best = _kept.AsSpan(0, _count);
        best.Sort();
        return best;
    }

    private void MakeRoom()
    {
        if (_kept.Length < _room)
            Array.Resize(ref _kept, (int)Math.Min(_room, 2L * _kept.Length));
        else
            Trim();
    }

    private void Trim()
    {
        if (_count <= wanted)
            return;
        MoveBestToFront(_kept.AsSpan(0, _count), wanted);
        _count = wanted;
    }

    /// <summary>Hoare's quickselect: afterwards none of the first <paramref name="count"/> ranks behind any of the rest.</summary>
    internal static void MoveBestToFront(Span<Candidate> items, int count)
    {
        int low = 0, high = items.Length - 1;
        // A run of bad pivots, which only an adversary could order, ends in a plain sort.
        for (int rounds = 4 * (32 - int.LeadingZeroCount(items.Length)); low < high; rounds--)
        {
            if (rounds == 0)
            {
                items[low..(high + 1)].Sort();
                return;
            }
            Candidate pivot = MedianOfThree(items[low], items[low + (high - low) / 2], items[high]);
            int i = low, j = high;
            while (i <= j)
            {
                while (items[i].CompareTo(pivot) < 0)
                    i++;
                while (pivot.CompareTo(items[j]) < 0)
                    j--;
                if (i <= j)
                {
                    (items[i], items[j]) = (items[j], items[i]);
                    i++;
                    j--;
                }
            }
            if (count <= j)
                high = j;
            else if (count > i)
                low = i;
            else
                return;
        }
    }

    private static Candidate MedianOfThree(Candidate a, Candidate b, Candidate c)
    {
        if (b.CompareTo(a) < 0)
            (a, b) = (b, a);
        return c.CompareTo(a) < 0 ? a : c.CompareTo(b) < 0 ? c : b;
    }
}
