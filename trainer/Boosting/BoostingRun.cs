using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>One training from start to end: gradients, a tree, new margins, losses, and again.</summary>
internal sealed class BoostingRun<TObjective> : IDisposable where TObjective : IObjective
{
    private readonly BoosterOptions _options;
    private readonly WorkTeam _team;
    private readonly RowSampler _rowSampler;
    private readonly ColumnSampler _columnSampler;
    private readonly FeatureBins _bins;
    private readonly double _baseMargin;
    private readonly MarginSet _train;
    private readonly MarginSet? _validation;
    private readonly GradientBuffer _gradients;
    private readonly TreeGrower _grower;

    public BoostingRun(LabelledRows train, LabelledRows? validation, BoosterOptions options, CancellationToken cancellation)
    {
        (double meanLabel, double weightSum) = LabelCheck.Check<TObjective>(train, "training", mustVary: true);
        double validationWeight = validation is null ? 0 : LabelCheck.Check<TObjective>(validation, "validation", mustVary: false).WeightSum;
        _options = options;
        _team = new WorkTeam(options.Threads, cancellation);
        _bins = FeatureBins.Fit(train.Matrix, options.MaxBins, options.Seed, _team);
        int[] usable = [.. Enumerable.Range(0, train.Matrix.FeatureCount).Where(feature => _bins.Mappers[feature].IsUsable)];
        if (usable.Length == 0)
            throw TrainerErrors.NoUsableFeature(train.Matrix.FeatureCount);
        _rowSampler = new RowSampler(options.RowSample, options.Seed);
        _columnSampler = new ColumnSampler(train.Matrix.Features, usable, options.ColumnSample, options.Seed);
        _baseMargin = TObjective.BaseMargin(meanLabel);
        try
        {
            _train = new MarginSet(train, weightSum, _bins, _team);
            _validation = validation is null ? null : new MarginSet(validation, validationWeight, _bins, _team);
            _gradients = new GradientBuffer(_train.Matrix.RowCount);
            _grower = new TreeGrower(_train.Matrix, options, _team);
        }
        catch (OperationCanceledException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>[N] margins of the training rows after all trees, those not kept included.</summary>
    internal NativeBuffer<double> TrainMargins => _train.Margins;

    /// <summary>Trains.</summary>
    public BoosterResult Run(IProgress<StepProgress>? progress)
    {
        var trees = new List<DecisionTree>(_options.Trees);
        var trainLoss = new List<double>(_options.Trees);
        var validationLoss = new List<double>(_options.Trees);
        EarlyStopping? stopping = _validation is not null && _options.EarlyStoppingRounds > 0 ? new EarlyStopping(_options.EarlyStoppingRounds) : null;
        _train.Reset(_baseMargin);
        _validation?.Reset(_baseMargin);
        var importance = new FeatureImportance[_train.Matrix.FeatureCount];
        FeatureImportance[] kept = importance;
        bool goOn = true;
        for (int round = 1; goOn && round <= _options.Trees; round++)
        {
            GrownTree tree = GrowTree(round - 1);
            trees.Add(tree.ToDecisionTree(_bins));
            tree.AddTo(importance);
            // Without sampling, the next tree would find as little to split as this one.
            goOn = tree.NodeCount > 0 || !_rowSampler.KeepsAll || !_columnSampler.KeepsAll;
            trainLoss.Add(_train.Loss<TObjective>());
            if (_validation is not null)
            {
                tree.AddTo(_validation.Matrix, _validation.Margins, _team);
                validationLoss.Add(_validation.Loss<TObjective>());
                goOn &= stopping?.Observe(round, validationLoss[^1]) != true;
                // The best round so far may turn out to be the last one kept.
                if (stopping?.BestRound == round)
                    kept = [.. importance];
            }
            progress?.Report(new StepProgress("trees", round, _options.Trees));
        }
        int best = stopping?.BestRound ?? trees.Count;
        return new BoosterResult
        {
            Ensemble = new TreeEnsemble { FeatureCount = _train.Matrix.FeatureCount, BaseMargin = _baseMargin, Trees = [.. trees.Take(best)] },
            BestRound = best,
            Importance = kept,
            TrainLoss = trainLoss,
            ValidationLoss = validationLoss,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A constructor that was cancelled has not made them all.
        _grower?.Dispose();
        _gradients?.Dispose();
        _validation?.Dispose();
        _train?.Dispose();
    }

    private GrownTree GrowTree(int number)
    {
        _gradients.Compute<TObjective>(_train.Margins, _train.Rows, _team);
        if (_rowSampler.KeepsAll)
            _grower.Rows.TakeAll();
        else
            _grower.Rows.TakeSample(_rowSampler, number);
        _grower.Grow(_gradients, _columnSampler.Choose(number));
        GrownTree tree = _grower.Tree;
        _team.Run(tree.LeafCount, _grower.Rows.Count, SettleLeaf);
        // Rows that the tree was not grown on must find their leaf like any other row.
        if (!_rowSampler.KeepsAll)
            tree.AddTo(_train.Matrix, _train.Margins, _team);
        return tree;
    }

    private void SettleLeaf(int leaf)
    {
        ReadOnlySpan<int> rows = _grower.RowsOf(leaf);
        ReadOnlySpan<float> weights = _train.Rows.Weights.Span;
        double cover = weights.IsEmpty ? rows.Length : 0;
        if (!weights.IsEmpty)
        {
            foreach (int row in rows)
                cover += weights[row];
        }
        _grower.Tree.LeafCover[leaf] = cover;
        if (!_rowSampler.KeepsAll)
            return;
        double value = _grower.Tree.LeafValues[leaf];
        foreach (int row in rows)
            _train.Margins[row] += value;
    }
}
