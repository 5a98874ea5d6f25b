using ChurnEngine.Bench.Accuracy;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Tuning;

/// <summary>A table of churn in memory, categories as sets. Dispose it once.</summary>
internal sealed class LabelledTable : IDisposable
{
    private LabelledTable(string name, LabelledRows rows, bool[] isCategorical) => (Name, Rows, IsCategorical) = (name, rows, isCategorical);

    /// <summary>Whether a larger table was cut down.</summary>
    public bool IsDrawn { get; private init; }

    public string Name { get; }

    public LabelledRows Rows { get; }

    /// <summary>[F] whether a feature's values are codes.</summary>
    public bool[] IsCategorical { get; }

    /// <summary>Reads a table.</summary>
    /// <param name="table">Which.</param>
    /// <param name="data">Folder with all data sets.</param>
    /// <param name="most">Most rows; of a larger table a stratified part is drawn.</param>
    public static LabelledTable Read(PlainTable table, string data, int most)
    {
        TableRows read = table.Read(data);
        int features = read.Names.Count, count = read.Y.Length;
        FeatureInfo[] infos = [.. read.Names.Select((name, feature) => read.IsCategorical[feature]
            ? new FeatureInfo { Name = name, Kind = FeatureKind.Categorical, Categories = [.. Enumerable.Range(0, 1 + (int)read.X.Where((value, i) => i % features == feature && !float.IsNaN(value)).DefaultIfEmpty().Max()).Select(code => $"{code}")] }
            : new FeatureInfo { Name = name })];
        FeatureMatrix matrix = FeatureMatrix.Allocate(infos, count);
        for (int row = 0; row < count; row++)
            read.X.AsSpan(row * features, features).CopyTo(matrix.Row(row));
        var rows = new LabelledRows(matrix, read.Y);
        if (count > most)
        {
            bool[] drawn = StratifiedHoldout.Assign(read.Y, (double)most / count, 1);
            rows = rows.Gather([.. Enumerable.Range(0, count).Where(row => drawn[row])]);
            matrix.Dispose();
        }
        return new LabelledTable(table.Name, rows, [.. read.IsCategorical]) { IsDrawn = count > most };
    }

    /// <summary>What trains, as <c>churn train</c> has it of a plain table.</summary>
    public IAlgorithm Algorithm(TrainSettings settings, int threads) => new AlgorithmChoice
    {
        Settings = settings,
        Task = ModelTask.Classification,
        Threads = threads,
        EngineVersion = "bench",
        Suit = options => TableTrainStep.SuitedTo(Rows.Matrix.RowCount, options, new TrainOverrides()),
    }.Make();

    public void Dispose() => Rows.Matrix.Dispose();
}
