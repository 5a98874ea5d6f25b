using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>What all loaders of a table noticed, together.</summary>
internal sealed class LoadNotes
{
    private readonly TableLoad _load;
    private readonly (long Count, long Sequence, string First)[] _texted;

    private LoadNotes(TableLoad load)
    {
        _load = load;
        Instants = new InstantReader(load.Layout.Table, load.Columns, load.ExtractAt);
        foreach (RowLoader loader in load.Loaders)
            Instants.Add(loader.Instants);
        _texted = [.. Enumerable.Range(0, load.Layout.NumericColumns.Count).Select(Texted)];
    }

    /// <summary>How far the table reaches.</summary>
    public InstantReader Instants { get; }

    public static LoadNotes Of(TableLoad load) => new(load);

    /// <summary>Refuses a column of numbers that turned out to hold texts only; a few texts among numbers are missing values.</summary>
    public void RequireNumbers()
    {
        for (int column = 0; column < _texted.Length; column++)
        {
            if (_texted[column].Count > 0 && !_load.Loaders.Any(loader => loader.Numbers.HasNumber[column]))
                throw FeaturesErrors.NotNumeric((_load.Layout.Table.Name, _load.Layout.Table.Source?.Path ?? ""), _load.Layout.NumericColumns[column], (_texted[column].Count, _texted[column].First));
        }
    }

    /// <summary>Sentences for the user.</summary>
    /// <param name="extractAt">Instant up to which the data should reach, or null.</param>
    public IEnumerable<string> Warnings(long? extractAt)
    {
        string table = _load.Layout.Table.Name;
        if (_load.Loaders.Sum(loader => loader.BlankKeys) is > 0 and long blank)
            yield return $"table '{table}': {Rows(blank)} without a key, left out";
        for (int column = 0; column < _texted.Length; column++)
        {
            if (_texted[column].Count > 0)
                yield return $"table '{table}': {_texted[column].Count} {(_texted[column].Count == 1 ? "value" : "values")} of column '{_load.Layout.NumericColumns[column]}' taken as missing, neither blank nor a number; the first is '{_texted[column].First}'";
        }
        if (Instants.AfterExtract > 0)
        {
            yield return $"table '{table}': {Rows(Instants.AfterExtract)} later than extract_at {InstantText.Format(extractAt!.Value)}, the latest at {InstantText.Format(Instants.Latest)}; "
                + "no snapshot up to the extract sees them: check the clock that wrote them, or correct extract_at";
        }
        if (_load.RowsRead == 0)
            yield return $"table '{table}' has no row";
        string[] others = [.. _load.Loaders.SelectMany(loader => loader.OtherKinds).Distinct().Order(StringComparer.Ordinal)];
        for (int kind = 0; _load.RowsRead > 0 && kind < _load.Layout.Kinds.Length; kind++)
        {
            if (!_load.Loaders.Any(loader => loader.HasSeen(kind)))
                yield return $"table '{table}' has no row of kind '{_load.Layout.Kinds[kind]}'; {Suggestion.For(_load.Layout.Kinds[kind], others)}";
        }
    }

    public static string Rows(long count) => count == 1 ? "1 row is" : $"{count:N0} rows are";

    private (long Count, long Sequence, string First) Texted(int column)
    {
        (long Count, long Sequence, string First)[] seen = [.. _load.Loaders.Select(loader => loader.Numbers.Texted[column]).Where(t => t.Count > 0)];
        return seen.Length == 0 ? (0, 0, "") : seen.MinBy(t => t.Sequence) with { Count = seen.Sum(t => t.Count) };
    }
}
