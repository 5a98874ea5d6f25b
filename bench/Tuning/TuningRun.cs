using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Tuning;

/// <summary>One table, searched by either method with many seeds, at the same budget.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Found">[S] log-loss of the best trial on the folds of the search, by method.</param>
/// <param name="Tested">[S] log-loss of its model on a fifth of the rows that the search never saw, by method; and of the options as they are.</param>
internal sealed record TuningRun(string Table, int Rows, IReadOnlyDictionary<string, double[]> Found, IReadOnlyDictionary<string, double[]> Tested)
{
    public const string Tpe = "tpe", Random = "random", AsIs = "as is";
    private const double TestShare = 0.2;

    /// <summary>Searches.</summary>
    public static TuningRun Of(LabelledTable table, TuningSize size, Action<string> say, CancellationToken cancellation)
    {
        var found = new Dictionary<string, double[]> { [Tpe] = new double[size.Seeds], [Random] = new double[size.Seeds] };
        var tested = new Dictionary<string, double[]> { [Tpe] = new double[size.Seeds], [Random] = new double[size.Seeds], [AsIs] = new double[size.Seeds] };
        float[] labels = table.Rows.Labels.ToArray();
        for (int seed = 0; seed < size.Seeds; seed++)
        {
            bool[] isTest = StratifiedHoldout.Assign(labels, TestShare, seed);
            (int[] train, int[] stop) = TableFolds.SplitOff(labels, [.. Enumerable.Range(0, isTest.Length).Where(row => !isTest[row])], seed);
            LabelledRows[] parts = [.. new int[][] { train, stop, [.. Enumerable.Range(0, isTest.Length).Where(row => isTest[row])] }.Select(table.Rows.Gather)];
            foreach (string method in (string[])[Tpe, Random, AsIs])
            {
                TrainSettings settings = TrainSettings.Default with { Tune = new TuneSettings { Trials = method == AsIs ? 0 : size.Trials, Options = new SearchOptions { Method = method == Random ? SearchMethod.Random : SearchMethod.Tpe, Halving = size.Halving, Seed = (ulong)seed + 1 } } };
                TrainedPredictor trained = table.Algorithm(settings, size.Threads).Fit(parts[0], parts[1], null, cancellation);
                tested[method][seed] = LossOf(trained.Predictor, parts[1], parts[2]);
                if (trained.Search is { } search)
                    found[method][seed] = search.Loss;
            }
            say(FormattableString.Invariant($"{table.Name}, seed {seed + 1}: tpe {found[Tpe][seed]:F5}, random {found[Random][seed]:F5}; on rows never seen {tested[Tpe][seed]:F5}, {tested[Random][seed]:F5}, as is {tested[AsIs][seed]:F5}"));
            foreach (LabelledRows part in parts)
                part.Matrix.Dispose();
        }
        return new TuningRun(table.Name, labels.Length, found, tested);
    }

    private static double LossOf(IPredictor predictor, LabelledRows stop, LabelledRows test)
    {
        SigmoidCalibration calibration = PlattCalibrator.Fit(Margins(predictor, stop.Matrix), stop.Labels.Span);
        return ProbabilityLoss.LogLoss([.. Margins(predictor, test.Matrix).Select(margin => (float)calibration.Probability(margin))], test.Labels.Span);
    }

    private static double[] Margins(IPredictor predictor, FeatureMatrix matrix)
    {
        double[] margins = new double[matrix.RowCount];
        CompiledTrees.For(predictor).Margins(matrix.Rows(0, margins.Length), margins);
        return margins;
    }
}

/// <summary>How much is searched.</summary>
/// <param name="Seeds">Searches of each method.</param>
/// <param name="Trials">Trials of each.</param>
/// <param name="Halving">Whether trials begin on a part.</param>
/// <param name="Threads">Threads.</param>
internal sealed record TuningSize(int Seeds, int Trials, bool Halving, int Threads);
