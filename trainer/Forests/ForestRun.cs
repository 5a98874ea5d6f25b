using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>One forest from start to end: every tree is grown at the same margins, on rows and features of its own.</summary>
internal sealed class ForestRun : IDisposable
{
    private readonly BoosterOptions _options;
    private readonly IObjective _objective;
    private readonly IRowSampler _sampler;
    private readonly WorkTeam _team;
    private readonly FeatureBins _bins;
    private readonly NodeFeatures _features;
    private readonly double _baseMargin;
    private readonly MarginSet _rows;
    private readonly GradientBuffer _gradients;
    private readonly TreeGrower _grower;
    private readonly OutOfBag? _outOfBag;

    public ForestRun(LabelledRows train, ForestOptions options, CancellationToken cancellation)
    {
        _options = options.ToBooster(train.Matrix.FeatureCount);
        _objective = ObjectiveChoice.Of(_options);
        LabelCheck.Check(_objective, train, "training", mustVary: true);
        _team = new WorkTeam(options.Threads, cancellation);
        try
        {
            _bins = FeatureBins.Fit(train.Matrix, options.MaxBins, options.Seed, _team);
            _sampler = options.ExtraTrees ? new UniformRows(1, options.Seed) : new BootstrapRows(options.Seed);
            _features = new NodeFeatures(train.Matrix.Features, _bins.RequireUsable(), _options);
            _baseMargin = _objective.BaseMargin(train.Labels.Span, train.Weights.Span);
            _rows = new MarginSet(train, train, _objective, _bins, grows: true, _team);
            _gradients = new GradientBuffer(_rows.Matrix.RowCount, _options.QuantizedGradients, options.Seed);
            _grower = new TreeGrower(_rows.Matrix, _options, _features, _team);
            _outOfBag = _sampler.KeepsAll ? null : new OutOfBag(_rows.Matrix, _team);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Grows.</summary>
    public ForestResult Run(IProgress<StepProgress>? progress)
    {
        var trees = new DecisionTree[_options.Trees];
        var importance = new FeatureImportance[_rows.Matrix.FeatureCount];
        _rows.Reset(_baseMargin, []);
        for (int number = 0; number < trees.Length; number++)
        {
            GrownTree tree = GrowTree(number);
            tree.AddTo(importance);
            _outOfBag?.Add(tree);
            foreach (ref double value in tree.LeafValues)
                value /= trees.Length;
            trees[number] = tree.ToDecisionTree(_bins);
            progress?.Report(new StepProgress("trees", number + 1, trees.Length));
        }
        double[] margins = _outOfBag?.Means(_baseMargin) ?? [];
        return new ForestResult
        {
            Ensemble = new TreeEnsemble { FeatureCount = _rows.Matrix.FeatureCount, BaseMargin = _baseMargin, Trees = trees },
            Importance = importance,
            OutOfBagMargins = margins,
            OutOfBagPredictions = [.. margins.Select(Prediction)],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A constructor that was cancelled, or refused its rows, has not made them all.
        _outOfBag?.Dispose();
        _grower?.Dispose();
        _gradients?.Dispose();
        _rows?.Dispose();
        _team.Dispose();
    }

    private GrownTree GrowTree(int number)
    {
        _grower.TakeRows(_sampler, _gradients, _rows, number);
        _outOfBag?.Mark(_grower.Rows);
        _grower.Grow(_gradients, number);
        for (int leaf = 0; leaf < _grower.Tree.LeafCount; leaf++)
            _grower.Tree.SetCover(leaf, _grower.RowsOf(leaf), _rows.Rows.Weights.Span);
        return _grower.Tree;
    }

    // The way back from a margin to the mean of the classes that it stands for.
    private double Prediction(double margin)
    {
        if (_objective.Link != OutputLink.Sigmoid)
            return margin;
        double mean = OutputLink.Sigmoid.Apply(_baseMargin);
        return mean + mean * (1 - mean) * (margin - _baseMargin);
    }
}
