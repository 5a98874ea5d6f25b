namespace ChurnEngine.Features;

/// <summary>All rows of a table after loading: runs, with codes that are the same in all of them.</summary>
internal sealed class TableRows
{
    public TableRows(TableLayout layout, StoreShape shape, TableRun[] runs, RowClass[] classes, string[][] texts)
    {
        (Layout, Shape, Runs, Classes, Texts) = (layout, shape, runs, classes, texts);
        Count = runs.Sum(run => (long)run.Bounds.RowCount);
    }

    public TableLayout Layout { get; }
    public StoreShape Shape { get; }
    public IReadOnlyList<TableRun> Runs { get; }

    /// <summary>Classes that occur, in their order; a row's class is a position among them.</summary>
    public RowClass[] Classes { get; }

    /// <summary>[text column] distinct texts, ordinal; codes point into them.</summary>
    public string[][] Texts { get; }

    /// <summary>Rows kept.</summary>
    public long Count { get; }

    /// <summary>Makes the codes of all loaders common.</summary>
    /// <param name="load">The finished load.</param>
    /// <param name="runs">Its runs.</param>
    /// <param name="parallel">Threads.</param>
    public static TableRows Unite(TableLoad load, TableRun[] runs, ParallelOptions parallel)
    {
        StoreShape shape = load.Shape;
        (RowClass[] classes, int[][] classMaps) = ClassCodes.Unite([.. load.Loaders.Select(loader => loader.Classes)]);
        (string[] Texts, int[][] Maps)[] texts = [.. load.Layout.Texts.Select((text, column) => Unite(text.Function, [.. load.Loaders.Select(loader => loader.Texts[column])]))];
        ParallelWork.For(runs.Length, parallel, i =>
        {
            if (shape.Class >= 0)
                runs[i].Column(shape.Class).Recode(classMaps[runs[i].Loader]);
            for (int column = 0; column < texts.Length; column++)
                runs[i].Column(shape.Texts + column).Recode(texts[column].Maps[runs[i].Loader]);
        });
        return new TableRows(load.Layout, shape, runs, classes, [.. texts.Select(text => text.Texts)]);
    }

    // Distinct texts in ordinal order, after the column's function; a text that the function makes nothing of is missing.
    private static (string[], int[][]) Unite(string? function, Utf8Index[] seen)
    {
        string?[][] made = [.. seen.Select(index => Enumerable.Range(0, index.Count).Select(id => TextFunction.Apply(function ?? "", index.TextOf(id))).ToArray())];
        string[] texts = [.. made.SelectMany(t => t).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return (texts, [.. made.Select(loader => loader.Select(text => text is null ? -1 : Array.BinarySearch(texts, text, StringComparer.Ordinal)).ToArray())]);
    }
}
