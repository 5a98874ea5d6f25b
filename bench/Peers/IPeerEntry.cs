using System.Text.Json.Nodes;

namespace ChurnEngine.Bench.Peers;

/// <summary>One comparison with what users would take otherwise. A new one is one file: whatever implements this is found and listed.</summary>
internal interface IPeerEntry
{
    /// <summary>Short name, as in <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>What is compared with what, and how it is timed: the first line of its part of the report.</summary>
    string Summary { get; }

    /// <summary>What has to be installed before it runs.</summary>
    IReadOnlyList<DebianPackage> Needs { get; }

    /// <summary>The cases of a run, small first.</summary>
    IEnumerable<PeerCase> Cases(PeerRequest request);

    /// <summary>Runs a contestant of ours: called in a child process of its own.</summary>
    /// <param name="contestant">Name of a <see cref="Contestant"/> without a program of its own.</param>
    /// <param name="options">What the case handed over.</param>
    PeerMeasures Measure(string contestant, JsonObject options);
}

/// <summary>What the user asked for.</summary>
internal sealed record PeerRequest
{
    /// <summary>Interleaved rounds of each case.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Small sizes: shows that all works, supports no claim.</summary>
    public bool Quick { get; init; }

    /// <summary>Every combination of options, not the published ones only.</summary>
    public bool Grid { get; init; }

    /// <summary>Numbers of threads to run with.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1, 2];

    /// <summary>Folder for generated data, kept between runs.</summary>
    public required string Cache { get; init; }

    /// <summary>Words that a case's name must contain, all of them; empty for every case.</summary>
    public IReadOnlyList<string> Match { get; init; } = [];
}

/// <summary>One set of equal options, and who runs under it.</summary>
internal sealed record PeerCase
{
    /// <summary>Unique within its entry, such as "churn-1m 31 leaves 255 bins 2 threads".</summary>
    public required string Name { get; init; }

    /// <summary>The options that are equal for all, as printed above the results.</summary>
    public required string EqualOptions { get; init; }

    /// <summary>Ours first, then the peers.</summary>
    public required IReadOnlyList<Contestant> Contestants { get; init; }

    /// <summary>What is reported, in order.</summary>
    public required IReadOnlyList<PeerMetric> Metrics { get; init; }

    /// <summary>Rounds of this case, when it is worth fewer than were asked for; long cases are.</summary>
    public int MostRounds { get; init; } = int.MaxValue;

    /// <summary>About how long a round takes, all contestants together.</summary>
    public required double SecondsPerRound { get; init; }

    /// <summary>Makes data, once and outside the timing.</summary>
    public Action<Action<string>> Prepare { get; init; } = _ => { };

    /// <summary>Judges whether the contestants did equal work: one line a verdict.</summary>
    public required Func<IReadOnlyDictionary<string, ContestantResult>, IEnumerable<Verdict>> Judge { get; init; }
}

/// <summary>One program under test.</summary>
/// <param name="Name">Such as "ours" or "xgboost 1.7.4".</param>
/// <param name="Script">Python script of bench/Peers to run; null for a child process of this program.</param>
/// <param name="Options">Handed over as JSON.</param>
internal sealed record Contestant(string Name, string? Script, JsonObject Options)
{
    /// <summary>Of the child process, beyond what it inherits; libraries read their number of threads from here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A weaker way to use the same engine: shown, and never the best peer.</summary>
    public bool IsOurs { get; init; }
}

/// <summary>A number that each contestant reports.</summary>
/// <param name="Key">Its key in the child's JSON.</param>
/// <param name="Title">As printed.</param>
/// <param name="Unit">Such as "s".</param>
/// <param name="Compare">Whether the ratio ours/theirs is a result.</param>
internal sealed record PeerMetric(string Key, string Title, string Unit, bool Compare = true)
{
    /// <summary>Fewer is better: seconds, bytes. False for rates.</summary>
    public bool LowerIsBetter { get; init; } = true;

    public int Decimals { get; init; } = 3;
}

/// <summary>Outcome of a check that both sides did equal work.</summary>
internal sealed record Verdict(bool Holds, string Text);
