using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Trainer;

/// <summary>Fits and scores trials on the folds of a search.</summary>
internal sealed class TrialRunner : IDisposable
{
    private const ulong SampleStream = 0x53484152;

    private readonly Recipe _recipe;
    private readonly TuningFolds _folds;
    private readonly Dictionary<double, Preparation[]> _prepared = [];
    private readonly int[]?[] _columns;

    public TrialRunner(Recipe recipe, TuningFolds folds, CancellationToken cancellation)
    {
        (_recipe, _folds, Cancellation) = (recipe, folds, cancellation);
        // Each fold chooses its features by its own training rows.
        _columns = [.. folds.Folds.Select(fold => recipe.Select?.Choose(fold.Train, recipe.Threads, cancellation))];
        Key = KeyOf(recipe, folds);
    }

    public CancellationToken Cancellation { get; }

    /// <summary>The folds.</summary>
    public IReadOnlyList<TuningFold> Folds => _folds.Folds;

    /// <summary>A hash of all that a score depends on beside the trial: rows, space, method, seed and the recipe.</summary>
    public string Key { get; }

    /// <summary>Makes the rows of a share, before trials run side by side.</summary>
    public void Prepare(double rowShare)
    {
        if (_prepared.ContainsKey(rowShare))
            return;
        var parts = new Preparation[_folds.Folds.Count];
        _prepared.Add(rowShare, parts);
        for (int fold = 0; fold < parts.Length; fold++)
            parts[fold] = Preparation.Of(Sample(_folds.Folds[fold].Train, rowShare), _folds.Folds[fold].Stop, _columns[fold], _recipe.Imbalance);
    }

    /// <summary>Fits on every fold and scores.</summary>
    public Trial Run(int number, double share, IReadOnlyDictionary<string, string> options, int threads)
    {
        long started = Stopwatch.GetTimestamp();
        bool isRows = _recipe.Search!.Resource == HalvingResource.Rows;
        IAlgorithm algorithm = _recipe.Build(new AlgorithmOrder(options, threads, isRows ? 1 : share));
        Preparation[] parts = _prepared[isRows ? share : 1];
        double[] losses = new double[parts.Length];
        for (int fold = 0; fold < parts.Length; fold++)
        {
            using Preparation test = Preparation.Of(_folds.Folds[fold].Test, null, _columns[fold], null);
            losses[fold] = LossOf(algorithm.Fit(parts[fold].Train, parts[fold].Stop, null, Cancellation), parts[fold].Judge!, test.Train);
        }
        return new Trial(number, share, options, losses, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Fits on every fold, to settle how much a last training on all rows learns.</summary>
    public TrainedPredictor[] Refit(IReadOnlyDictionary<string, string> options)
    {
        Prepare(1);
        IAlgorithm algorithm = _recipe.Build(new AlgorithmOrder(options, _recipe.Threads, 1));
        return [.. _prepared[1].Select(part => algorithm.Fit(part.Train, part.Stop, null, Cancellation))];
    }

    public void Dispose()
    {
        foreach (Preparation? part in _prepared.Values.SelectMany(parts => parts))
            part?.Dispose();
    }

    // Weights, focal loss and forests leave probabilities that are not those of the customers; so each trial is judged as it would serve, calibrated.
    private static double LossOf(TrainedPredictor trained, LabelledRows stop, LabelledRows test)
    {
        Models.SigmoidCalibration calibration = PlattCalibrator.Fit(Margins(trained, stop), stop.Labels.Span);
        double[] margins = Margins(trained, test);
        float[] probability = new float[margins.Length];
        for (int row = 0; row < margins.Length; row++)
            probability[row] = (float)calibration.Probability(margins[row]);
        return ProbabilityLoss.LogLoss(probability, test.Labels.Span);
    }

    private static double[] Margins(TrainedPredictor trained, LabelledRows rows)
    {
        double[] margins = new double[rows.Labels.Length];
        Models.CompiledTrees.For(trained.Predictor).Margins(rows.Matrix.Rows(0, margins.Length), margins);
        return margins;
    }

    // Rows are drawn by their number, so that a larger share holds a smaller one.
    private (LabelledRows Rows, IDisposable? Owned) Sample(LabelledRows rows, double share)
    {
        if (share == 1)
            return (rows, null);
        int[] chosen = [.. Enumerable.Range(0, rows.Labels.Length).Where(row => KeyedRandom.Unit(_recipe.Search!.Seed, SampleStream, (ulong)row) < share)];
        bool hasBoth = chosen.Select(row => rows.Labels.Span[row]).Distinct().Count() > 1;
        LabelledRows sample = hasBoth ? rows.Gather(chosen) : rows;
        return (sample, hasBoth ? sample.Matrix : null);
    }

    private static string KeyOf(Recipe recipe, TuningFolds folds)
    {
        const int BlockRows = 4096;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        SearchOptions search = recipe.Search!;
        // Not how many trials: a longer search goes on from a shorter one.
        hash.AppendData(Encoding.UTF8.GetBytes($"{recipe.Identity}\n{recipe.Space}\n{search with { Trials = 1 }}\n{recipe.Select}\n{recipe.Imbalance}\n"));
        foreach (LabelledRows rows in folds.Folds.SelectMany(fold => new[] { fold.Train, fold.Stop, fold.Test }))
        {
            hash.AppendData(BitConverter.GetBytes(rows.Matrix.RowCount));
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', rows.Matrix.Features.Select(feature => $"{feature.Name} {feature.Kind}"))));
            for (long start = 0; start < rows.Matrix.RowCount; start += BlockRows)
                hash.AppendData(MemoryMarshal.AsBytes(rows.Matrix.Rows(start, (int)Math.Min(BlockRows, rows.Matrix.RowCount - start))));
            hash.AppendData(MemoryMarshal.AsBytes(rows.Labels.Span));
            hash.AppendData(MemoryMarshal.AsBytes(rows.Weights.Span));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
