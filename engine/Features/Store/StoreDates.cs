using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>The as-of dates of a backfill.</summary>
public static class StoreDates
{
    private const int Most = 10_000;
    private const long Hour = 3_600_000_000;
    private static readonly string[] s_units = ["mo", "d", "h"];

    /// <summary>From the first instant on, step by step, up to the last one, included when a step meets it.</summary>
    /// <param name="from">First instant, microseconds since 1970 UTC.</param>
    /// <param name="to">Last instant, not before the first.</param>
    /// <param name="every"><c>7d</c>, <c>12h</c>, or <c>1mo</c>: months of the calendar, counted from the first instant, at the end of the month where its day is missing.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3068 for an empty range, a step that does not read, or more than 10,000 dates.</remarks>
    public static IReadOnlyList<long> Between(long from, long to, string every)
    {
        ArgumentNullException.ThrowIfNull(every);
        if (to < from)
            throw StoreErrors.BadRange($"the range ends at {InstantText.Format(to)}, before it begins at {InstantText.Format(from)}", "swap --from and --to");
        (int count, string unit) = Read(every);
        var dates = new List<long>();
        for (int step = 0; At(step) is var asOf && asOf <= to; step++)
        {
            if (dates.Count == Most)
                throw StoreErrors.BadRange($"every {every} from {InstantText.Format(from)} to {InstantText.Format(to)} is more than {Most} dates", "take a longer step with --every");
            dates.Add(asOf);
        }
        return dates;

        long At(int step) => unit switch
        {
            "mo" => (DateTime.UnixEpoch.AddMicroseconds(from).AddMonths(count * step) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            "d" => from + 24 * Hour * count * step,
            _ => from + Hour * count * step,
        };
    }

    private static (int Count, string Unit) Read(string every)
    {
        string unit = s_units.FirstOrDefault(known => every.EndsWith(known, StringComparison.Ordinal)) ?? "";
        return unit.Length > 0 && int.TryParse(every[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 3660
            ? (count, unit)
            : throw StoreErrors.BadRange($"'{every}' is no step", "write days, hours or months, such as 30d, 12h or 1mo");
    }
}
