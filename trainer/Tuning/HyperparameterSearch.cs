namespace ChurnEngine.Trainer;

/// <summary>Searches for the options of least log-loss on folds within what is trained on.</summary>
/// <remarks>Trials run side by side and share the threads; which they are, and what they are scored, depends on data, space, options and seed alone.</remarks>
internal sealed class HyperparameterSearch
{
    private const int LeastObservations = 9;

    private readonly Recipe _recipe;
    private readonly SearchOptions _options;
    private readonly SearchSpace _space;
    private readonly TrialRunner _runner;
    private readonly ISampler _sampler;
    private readonly double[] _shares;
    private readonly List<Observation>[] _seen;
    private readonly List<Trial> _whole = [];

    /// <param name="recipe">Says how, and in what space.</param>
    /// <param name="runner">Scores trials; the caller's.</param>
    public HyperparameterSearch(Recipe recipe, TrialRunner runner)
    {
        (_recipe, _runner) = (recipe, runner);
        _options = recipe.Search!;
        _options.Validate();
        _space = recipe.Space!;
        _sampler = _options.Method == SearchMethod.Random ? new RandomSampler(_space, _options.Seed) : new TpeSampler(_space, _options.Seed);
        _shares = SuccessiveHalving.Shares(_options, runner.Folds.Min(fold => fold.Train.Matrix.RowCount));
        _seen = [.. _shares.Select(_ => new List<Observation>())];
    }

    /// <summary>Searches.</summary>
    public SearchResult Run()
    {
        Trial asIs = Score([(0, [])], 1)[0];
        _whole.Add(asIs);
        int bracket = SuccessiveHalving.BracketOf(_shares.Length);
        for (int first = 1; first <= _options.Trials; first += bracket)
            RunBracket(first, Math.Min(bracket, _options.Trials - first + 1));
        // Among equals the earlier, so that the options as they are stay where nothing is gained.
        Trial best = _whole.MinBy(trial => (trial.Loss, trial.Number))!;
        return new SearchResult
        {
            Chosen = best.Options,
            Loss = best.Loss,
            LossAsIs = asIs.Loss,
            Trials = _options.Trials,
            Whole = _whole.Count - 1,
            Design = _options.ToString(),
            Space = _space.ToString(),
            Folds = [.. _runner.Folds.Select(fold => fold.Name)],
        };
    }

    private void RunBracket(int first, int count)
    {
        double[][] points = _sampler.Propose(first, count, Observations());
        (int Number, double[] Point)[] climbing = [.. points.Select((point, i) => (first + i, point))];
        for (int rung = 0; rung < _shares.Length; rung++)
        {
            Trial[] scored = Score(climbing, _shares[rung]);
            _seen[rung].AddRange(scored.Select((trial, i) => new Observation(climbing[i].Point, trial.Loss)));
            if (_shares[rung] == 1)
                _whole.AddRange(scored);
            climbing = [.. climbing.Zip(scored).OrderBy(pair => pair.Second.Loss).ThenBy(pair => pair.First.Number).Take(SuccessiveHalving.Promoted(climbing.Length)).Select(pair => pair.First).OrderBy(pair => pair.Number)];
        }
    }

    // Losses of different shares do not compare: those of the largest share that enough trials have reached.
    private List<Observation> Observations() => _seen.LastOrDefault(seen => seen.Count >= LeastObservations) ?? _seen[0];

    private Trial[] Score((int Number, double[] Point)[] trials, double share)
    {
        _runner.Prepare(_options.Resource == HalvingResource.Rows ? share : 1);
        var scored = new Trial[trials.Length];
        int degree = Math.Min(_options.Threads, trials.Length), threads = Math.Max(1, _options.Threads / degree);
        Parallel.For(0, trials.Length, new ParallelOptions { MaxDegreeOfParallelism = degree, CancellationToken = _runner.Cancellation }, i =>
        {
            (int number, double[] point) = trials[i];
            IReadOnlyDictionary<string, string> options = number == 0 ? new Dictionary<string, string>() : _space.TextOf(point);
            Trial? known = _recipe.Log?.Find(_runner.Key, number, share);
            bool wasKnown = known is not null && known.Options.Count == options.Count && options.All(option => known.Options.GetValueOrDefault(option.Key) == option.Value);
            scored[i] = wasKnown ? known! : _runner.Run(number, share, options, threads);
            if (!wasKnown)
                _recipe.Log?.Add(_runner.Key, scored[i]);
            _recipe.Trials?.Report(new TrialProgress(scored[i], _options.Trials, wasKnown));
        });
        return scored;
    }
}
