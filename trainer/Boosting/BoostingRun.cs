using System.Buffers;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>One training from start to end: gradients, a tree, new margins, losses, and again.</summary>
internal sealed class BoostingRun : IDisposable
{
    // A lone leaf that moves all rows by less stands still, but for rounding.
    private const double LeastMove = 1e-6;

    private readonly BoosterOptions _options;
    private readonly IObjective _objective;
    private readonly IMetric? _metric;
    private readonly IReadOnlyList<DecisionTree> _given;
    private readonly WorkTeam _team;
    private readonly IRowSampler _rowSampler;
    private readonly NodeFeatures _features;
    private readonly FeatureBins _bins;
    private readonly double _baseMargin;
    private readonly MarginSet _train;
    private readonly MarginSet? _validation;
    private readonly GradientBuffer _gradients;
    private readonly TreeGrower _grower;
    private readonly SplitTracer? _tracer;

    public BoostingRun(BoosterInputs inputs, BoosterOptions options, CancellationToken cancellation)
    {
        (LabelledRows train, LabelledRows? validation) = inputs;
        _objective = inputs.Objective ?? ObjectiveChoice.Of(options);
        _metric = inputs.Metric ?? MetricChoice.Of(options, _objective);
        _given = inputs.ContinueFrom?.Trees ?? [];
        (LabelledRows trainLoss, LabelledRows? validationLoss) = Weigh(train, validation, options);
        _options = options.MaxDeltaStep == 0 ? options with { MaxDeltaStep = _objective.MaxDeltaStep } : options;
        _team = new WorkTeam(options.Threads, cancellation);
        try
        {
            _bins = FeatureBins.Fit(train.Matrix, options.MaxBins, options.Seed, _team);
            _rowSampler = inputs.Sampler ?? RowSamplers.Of(options);
            _features = new NodeFeatures(train.Matrix.Features, _bins.RequireUsable(), options);
            // Initial margins take the place of the base margin, as in the peers: what they say already, the trees need not.
            _baseMargin = inputs.ContinueFrom?.BaseMargin ?? (train.InitialMargins.IsEmpty ? _objective.BaseMargin(train.Labels.Span, trainLoss.Weights.Span) : 0);
            _train = new MarginSet(train, trainLoss, _objective, _bins, grows: true, _team);
            _validation = validation is null ? null : new MarginSet(validation, validationLoss!, _objective, _bins, grows: false, _team);
            _gradients = new GradientBuffer(_train.Matrix.RowCount, options.QuantizedGradients, options.Seed);
            _tracer = inputs.Trace is null ? null : new SplitTracer(_bins, train.Matrix.Features, inputs.Trace);
            _grower = new TreeGrower(_train.Matrix, _options, _features, _team, inputs.SplitRule) { OnSplit = _tracer is null ? null : _tracer.Observe };
        }
        catch
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
        var trees = new List<DecisionTree>(_given.Count + _options.Trees);
        trees.AddRange(_given);
        var trainLoss = new List<double>(_options.Trees);
        var validationLoss = new List<double>(_options.Trees);
        List<double> watched = _metric is null ? validationLoss : new(_options.Trees);
        _train.Reset(_baseMargin, _given);
        _validation?.Reset(_baseMargin, _given);
        EarlyStopping? stopping = _validation is not null && _options.EarlyStoppingRounds > 0 ? StartStopping(_validation) : null;
        var importance = new FeatureImportance[_train.Matrix.FeatureCount];
        FeatureImportance[] kept = stopping is null ? importance : [.. importance];
        bool goOn = true;
        for (int round = _given.Count + 1; goOn && round <= _given.Count + _options.Trees; round++)
        {
            GrownTree tree = GrowTree(round - 1);
            trees.Add(tree.ToDecisionTree(_bins));
            tree.AddTo(importance);
            // Without sampling, the next tree would find as little to split as this one, unless all rows moved: away from initial margins, or by less than they want.
            goOn = tree.NodeCount > 0 || !_rowSampler.KeepsAll || !_features.KeepsAll || Math.Abs(tree.LeafValues[0]) > LeastMove * Math.Max(1, Math.Abs(_baseMargin));
            trainLoss.Add(AddTree(tree));
            if (_validation is not null)
            {
                tree.AddTo(_validation.Matrix, _validation.Margins, _team);
                validationLoss.Add(_validation.Loss());
                if (_metric is not null)
                    watched.Add(_validation.Value(_metric));
                goOn &= stopping?.Observe(round, watched[^1]) != true;
                // The best round so far may turn out to be the last one kept.
                if (stopping?.BestRound == round)
                    kept = [.. importance];
            }
            progress?.Report(new StepProgress("trees", round - _given.Count, _options.Trees));
        }
        int best = stopping?.BestRound ?? trees.Count;
        return new BoosterResult
        {
            Ensemble = new TreeEnsemble { FeatureCount = _train.Matrix.FeatureCount, BaseMargin = _baseMargin, Trees = [.. trees.Take(best)] },
            BestRound = best,
            Importance = kept,
            TrainLoss = trainLoss,
            ValidationLoss = validationLoss,
            MetricName = _metric?.Name ?? BoosterValues.NameOf(MetricKind.Loss),
            ValidationMetric = watched,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A constructor that was cancelled, or refused its rows, has not made them all.
        _grower?.Dispose();
        _gradients?.Dispose();
        _validation?.Dispose();
        _train?.Dispose();
        _team.Dispose();
    }

    private GrownTree GrowTree(int number)
    {
        _grower.TakeRows(_rowSampler, _gradients, _train, number);
        if (_tracer is not null)
            _tracer.Tree = number;
        _grower.Grow(_gradients, number);
        GrownTree tree = _grower.Tree;
        _team.Run(tree.LeafCount, _grower.Rows.Count, SettleLeaf);
        return tree;
    }

    // Rows that the tree was not grown on must find their leaf like any other row. Returns the loss thereafter.
    private double AddTree(GrownTree tree)
    {
        if (_rowSampler.KeepsAll)
            return _train.Add(_grower);
        tree.AddTo(_train.Matrix, _train.Margins, _team);
        return _train.Loss();
    }

    // The trees that are there already are the first that could be best. Before them nothing is: one tree at least is always kept.
    private EarlyStopping StartStopping(MarginSet validation)
    {
        var stopping = new EarlyStopping(_options.EarlyStoppingRounds, _metric?.LargerIsBetter ?? false);
        double start = _metric is null ? validation.Loss() : validation.Value(_metric);
        if (_metric is not null && double.IsNaN(start))
            throw TrainerErrors.MetricUndefined(_metric.Name);
        if (_given.Count > 0)
            stopping.Observe(_given.Count, start);
        return stopping;
    }

    private (LabelledRows Train, LabelledRows? Validation) Weigh(LabelledRows train, LabelledRows? validation, BoosterOptions options)
    {
        LabelCheck.Check(_objective, train, "training", mustVary: true);
        if (validation is not null)
            LabelCheck.Check(_objective, validation, "validation", mustVary: false);
        if (validation is not null && train.InitialMargins.IsEmpty != validation.InitialMargins.IsEmpty)
            throw new ArgumentException("training and validation rows have initial margins both, or neither", nameof(validation));
        ClassWeights.RequireFit(options, _objective);
        if (ClassWeights.FactorsOf(options, train) is not { } factors)
            return (train, validation);
        LabelledRows weighed = ClassWeights.Apply(train, factors);
        LabelCheck.Check(_objective, weighed, "training", mustVary: true);
        return (weighed, validation is null ? null : ClassWeights.Apply(validation, factors));
    }

    // What the leaf's rows still lack, instead of the step that their derivatives suggest.
    private double QuantileOf(ReadOnlySpan<int> rows, double share)
    {
        ReadOnlySpan<float> labels = _train.Rows.Labels.Span, weights = _train.LossRows.Weights.Span;
        double[] lacks = ArrayPool<double>.Shared.Rent(rows.Length);
        float[] weightOf = ArrayPool<float>.Shared.Rent(weights.IsEmpty ? 0 : rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            lacks[i] = labels[rows[i]] - _train.Margins[rows[i]];
            if (!weights.IsEmpty)
                weightOf[i] = weights[rows[i]];
        }
        double value = LabelStatistics.Quantile(lacks.AsSpan(0, rows.Length), weightOf.AsSpan(0, weights.IsEmpty ? 0 : rows.Length), share);
        ArrayPool<double>.Shared.Return(lacks);
        ArrayPool<float>.Shared.Return(weightOf);
        double limit = _options.MaxDeltaStep == 0 ? double.PositiveInfinity : _options.MaxDeltaStep;
        return Math.Clamp(value, -limit, limit);
    }

    private void SettleLeaf(int leaf)
    {
        ReadOnlySpan<int> rows = _grower.RowsOf(leaf);
        if (_objective.LeafQuantile is { } share)
            _grower.Tree.LeafValues[leaf] = _grower.Clip(leaf, QuantileOf(rows, share)) * _options.LearningRate;
        _grower.Tree.SetCover(leaf, rows, _train.Rows.Weights.Span);
    }
}
