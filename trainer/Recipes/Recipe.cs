namespace ChurnEngine.Trainer;

/// <summary>An algorithm that a recipe wants.</summary>
/// <param name="Chosen">Options in place of the settings, by our names; empty for as they are.</param>
/// <param name="Threads">Threads it may use.</param>
/// <param name="TreeShare">Share of its trees, above 0 up to 1.</param>
public sealed record AlgorithmOrder(IReadOnlyDictionary<string, string> Chosen, int Threads, double TreeShare);

/// <summary>What happens around a fit: a search for options, a choice of features, classes evened out. Each sees the rows that are trained on and no other.</summary>
public sealed record Recipe
{
    /// <summary>Makes the algorithm.</summary>
    public required Func<AlgorithmOrder, IAlgorithm> Build { get; init; }

    /// <summary>Threads, 1 and up.</summary>
    public required int Threads { get; init; }

    /// <summary>All settings as text: two searches are the same where this, their rows and their space are.</summary>
    public string Identity { get; init; } = "";

    /// <summary>A search for options; null for none.</summary>
    public SearchOptions? Search { get; init; }

    /// <summary>What the search may choose.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>Folds within the training rows that it is given; the caller disposes them.</summary>
    public Func<LabelledRows, TuningFolds>? InnerFolds { get; init; }

    /// <summary>A choice of features; null keeps all.</summary>
    public FeatureSelection? Select { get; init; }

    /// <summary>How classes are evened out, or customers weighed; null: not at all.</summary>
    public Imbalance? Imbalance { get; init; }

    /// <summary>Remembers finished trials; null forgets them.</summary>
    public ITrialLog? Log { get; init; }

    /// <summary>Told of every trial that is done.</summary>
    public IProgress<TrialProgress>? Trials { get; init; }

    /// <summary>True when it does anything beside the fit.</summary>
    public bool DoesMore => Search is not null || Select is not null || Imbalance is not null;
}
