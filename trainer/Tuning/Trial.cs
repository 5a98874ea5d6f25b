namespace ChurnEngine.Trainer;

/// <summary>One trial on one part of the rows or trees, scored.</summary>
/// <param name="Number">0 for the options as they are, then 1 and up.</param>
/// <param name="Share">Part that it got, above 0 up to 1.</param>
/// <param name="Options">What was tried, by our names; empty of trial 0.</param>
/// <param name="FoldLosses">[K] log-loss on each fold's test rows, nats, calibrated on its stopping rows.</param>
/// <param name="Seconds">Wall-clock time of its fits.</param>
public sealed record Trial(int Number, double Share, IReadOnlyDictionary<string, string> Options, IReadOnlyList<double> FoldLosses, double Seconds)
{
    /// <summary>Mean of <see cref="FoldLosses"/>.</summary>
    public double Loss => FoldLosses.Average();

    /// <summary>The options as a line.</summary>
    public string Text => string.Join(" ", Options.Select(option => $"{option.Key}={option.Value}"));
}

/// <summary>How far a search is, one for each trial that is done.</summary>
/// <param name="Trial">Which was done.</param>
/// <param name="Total">Trials that are started in all, beside the options as they are.</param>
/// <param name="WasKnown">True when the log had it, from a search before.</param>
public sealed record TrialProgress(Trial Trial, int Total, bool WasKnown);

/// <summary>Remembers finished trials, so that a search that was killed goes on where it was.</summary>
public interface ITrialLog
{
    /// <summary>A finished trial; null when there is none with these options.</summary>
    /// <param name="search">Key of the search: of its data, space, seed and method.</param>
    /// <param name="number">Which trial.</param>
    /// <param name="share">On which part.</param>
    Trial? Find(string search, int number, double share);

    /// <summary>Remembers one; called by several threads.</summary>
    /// <param name="search">Key of the search.</param>
    /// <param name="trial">What is done.</param>
    void Add(string search, Trial trial);
}

/// <summary>What a search found.</summary>
public sealed record SearchResult
{
    /// <summary>Options that were best, by our names; empty when those as they are were.</summary>
    public required IReadOnlyDictionary<string, string> Chosen { get; init; }

    /// <summary>Their mean log-loss over the folds, nats.</summary>
    public required double Loss { get; init; }

    /// <summary>That of the options as they are.</summary>
    public required double LossAsIs { get; init; }

    /// <summary>Trials started, beside the options as they are.</summary>
    public required int Trials { get; init; }

    /// <summary>Of these, scored on all rows.</summary>
    public required int Whole { get; init; }

    /// <summary>How it went: method, halving, seed.</summary>
    public required string Design { get; init; }

    /// <summary>The ranges.</summary>
    public required string Space { get; init; }

    /// <summary>Names of the folds that trials were scored on.</summary>
    public required IReadOnlyList<string> Folds { get; init; }
}
