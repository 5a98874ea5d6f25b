using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>A kind of event that churn follows nearly always.</summary>
/// <param name="Table">Table of the events.</param>
/// <param name="Kind">Their kind.</param>
/// <param name="Events">Events whose following days are all in the data.</param>
/// <param name="Customers">Customers who had them.</param>
/// <param name="Share">Share of the events that churn followed soon, 0..1.</param>
public sealed record AnnouncingKind(string Table, string Kind, long Events, int Customers, double Share);

/// <summary>Collects who had which kind of event when, and finds the kinds that announce churn.</summary>
/// <remarks>Churn is a label event, or, where inactivity defines it, the last event before that many days without one. Memory: 16 bytes an event of the customers looked at.</remarks>
public sealed class KindHistory
{
    private const long Day = 86_400_000_000;
    private readonly LabelRule _label;
    private readonly AnnouncementRules _rules;
    private readonly ulong _stride;
    private readonly Dictionary<string, int> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, string Kind), int> _kinds = [];
    private readonly List<(int Customer, int Kind, long At)> _events = [];
    private readonly List<bool> _isLabel = [];
    private readonly List<bool> _isActivity = [];

    /// <param name="label">What counts as churn.</param>
    /// <param name="customers">Customers in the data, for the sample.</param>
    /// <param name="rules">Limits.</param>
    /// <remarks>Errors: ChurnConfigException CE8002.</remarks>
    public KindHistory(LabelRule label, long customers, AnnouncementRules rules)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(rules);
        rules.Validate();
        (_label, _rules) = (label, rules);
        _stride = (ulong)Math.Max(1, (customers + rules.SampleCustomers - 1) / rules.SampleCustomers);
    }

    /// <summary>Customers whose events were kept.</summary>
    public int Customers => _customers.Count;

    /// <summary>Adds events of a table.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="keys">[n] keys, Int64 or Utf8; rows without one are passed over.</param>
    /// <param name="instants">[n] microseconds since 1970 UTC.</param>
    /// <param name="kinds">[n] kinds, Utf8; null: the table has none.</param>
    public void Add(string table, Column keys, ReadOnlySpan<long> instants, Utf8Column? kinds)
    {
        ArgumentNullException.ThrowIfNull(keys);
        for (int row = 0; row < instants.Length; row++)
        {
            if (keys.IsNull(row))
                continue;
            string key = SnapshotDifference.KeyText(keys, row);
            if (key.Length == 0 || (_stride > 1 && Hash(key) % _stride != 0))
                continue;
            if (!_customers.TryGetValue(key, out int customer))
                _customers.Add(key, customer = _customers.Count);
            _events.Add((customer, KindOf(table, kinds?.GetString(row) ?? ""), instants[row]));
        }
    }

    /// <summary>The kinds that announce churn, surest first.</summary>
    /// <param name="endOfData">Instant up to which events are known, microseconds since 1970 UTC.</param>
    public IReadOnlyList<AnnouncingKind> Find(long endOfData)
    {
        _events.Sort((a, b) => (a.Customer, a.At, a.Kind).CompareTo((b.Customer, b.At, b.Kind)));
        int kinds = _kinds.Count;
        long[] events = new long[kinds], followed = new long[kinds];
        int[] customers = new int[kinds], last = new int[kinds];
        Array.Fill(last, -1);
        long within = _rules.WithinDays * Day, judged = endOfData - within - _label.InactiveMicros;
        for (int start = 0; start < _events.Count;)
        {
            int end = start;
            while (end < _events.Count && _events[end].Customer == _events[start].Customer)
                end++;
            long[] churns = ChurnsOf(start, end, endOfData);
            int next = 0;
            for (int i = start; i < end; i++)
            {
                (int customer, int kind, long at) = _events[i];
                while (next < churns.Length && churns[next] < at)
                    next++;
                if (_isLabel[kind] || at > judged)
                    continue;
                events[kind]++;
                followed[kind] += next < churns.Length && churns[next] - at <= within ? 1 : 0;
                customers[kind] += last[kind] == customer ? 0 : 1;
                last[kind] = customer;
            }
            start = end;
        }
        return
        [
            .. from kind in _kinds
               let n = kind.Value
               where kind.Key.Kind.Length > 0 && customers[n] >= _rules.LeastCustomers && followed[n] >= _rules.Share * events[n]
               orderby (double)followed[n] / events[n] descending, kind.Key.Table, kind.Key.Kind
               select new AnnouncingKind(kind.Key.Table, kind.Key.Kind, events[n], customers[n], (double)followed[n] / events[n]),
        ];
    }

    // Ascending. Silence begins with the last event before it, and only silence that is over the limit by the end of the data counts.
    private long[] ChurnsOf(int start, int end, long endOfData)
    {
        var churns = new List<long>();
        long lastActivity = long.MinValue;
        for (int i = start; i < end; i++)
        {
            (_, int kind, long at) = _events[i];
            if (_isLabel[kind])
                churns.Add(at);
            if (!_isActivity[kind])
                continue;
            if (lastActivity != long.MinValue && at - lastActivity > _label.InactiveMicros)
                churns.Add(lastActivity);
            lastActivity = at;
        }
        if (lastActivity != long.MinValue && endOfData - lastActivity > _label.InactiveMicros)
            churns.Add(lastActivity);
        churns.Sort();
        return [.. churns];
    }

    private int KindOf(string table, string kind)
    {
        if (_kinds.TryGetValue((table, kind), out int number))
            return number;
        _kinds.Add((table, kind), number = _kinds.Count);
        bool isLabel = table == _label.Table && _label.Kinds.Contains(kind);
        _isLabel.Add(isLabel);
        _isActivity.Add(_label.InactiveMicros > 0 && table == _label.Table && !isLabel);
        return number;
    }

    // FNV-1a over the text, mixed: a sample that does not depend on the order of the rows.
    private static ulong Hash(string key)
    {
        ulong hash = 14695981039346656037;
        foreach (byte unit in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ unit) * 1099511628211;
        hash = (hash ^ (hash >> 30)) * 0xBF58_476D_1CE4_E5B9;
        return hash ^ (hash >> 31);
    }
}
