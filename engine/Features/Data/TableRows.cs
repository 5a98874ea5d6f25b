namespace ChurnEngine.Features;

/// <summary>All rows of a table after loading: runs, with codes that are the same in all of them.</summary>
internal sealed class TableRows
{
    private TableRows(TableLayout layout, BucketedRows rows, RowClass[] classes, string[][] texts) => (Layout, Rows, Classes, Texts) = (layout, rows, classes, texts);

    public TableLayout Layout { get; }

    public BucketedRows Rows { get; }

    /// <summary>Classes that occur, in their order; a row's class is a position among them.</summary>
    public RowClass[] Classes { get; }

    /// <summary>[text column] distinct texts, ordinal; codes point into them.</summary>
    public string[][] Texts { get; }

    /// <summary>Makes the codes of all loaders common.</summary>
    /// <param name="load">The finished load.</param>
    /// <param name="rows">Its rows.</param>
    public static TableRows Unite(TableLoad load, BucketedRows rows)
    {
        StoreShape shape = rows.Shape;
        (RowClass[] classes, int[][] classMaps) = ClassCodes.Unite([.. load.Loaders.Select(loader => loader.Classes)]);
        (string[] Texts, int[][] Maps)[] texts = [.. load.Layout.Texts.Select((text, column) => Unite(text.Function, [.. load.Loaders.Select(loader => loader.Texts[column])]))];
        foreach (TableRun run in rows.Runs)
        {
            if (shape.Class >= 0)
                run.Column(shape.Class).Recode(classMaps[run.Loader]);
            for (int column = 0; column < texts.Length; column++)
                run.Column(shape.Texts + column).Recode(texts[column].Maps[run.Loader]);
        }
        return new TableRows(load.Layout, rows, classes, [.. texts.Select(text => text.Texts)]);
    }

    // Distinct texts in ordinal order, after the column's function; a text that the function makes nothing of is missing.
    private static (string[], int[][]) Unite(string? function, Utf8Index[] seen)
    {
        string?[][] made = [.. seen.Select(index => Enumerable.Range(0, index.Count).Select(id => TextFunction.Apply(function ?? "", index.TextOf(id))).ToArray())];
        string[] texts = [.. made.SelectMany(t => t).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return (texts, [.. made.Select(loader => loader.Select(text => text is null ? -1 : Array.BinarySearch(texts, text, StringComparer.Ordinal)).ToArray())]);
    }
}
