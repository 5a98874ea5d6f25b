using System.Text.Json.Nodes;

namespace ChurnEngine.Bench.Peers;

/// <summary>One set of equal options, and who runs under it.</summary>
internal sealed record PeerCase
{
    /// <summary>What tells this case from the others of its entry, in the order of its name: shape, leaves, bins, threads.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    /// <summary>The options that are equal for all, as printed above the results; and what is not equal.</summary>
    public required string EqualOptions { get; init; }

    /// <summary>Ours first, then the peers.</summary>
    public required IReadOnlyList<Contestant> Contestants { get; init; }

    /// <summary>What is reported, in order.</summary>
    public required IReadOnlyList<PeerMetric> Metrics { get; init; }

    /// <summary>Most rounds of this case: a long one is run less often than was asked for.</summary>
    public int MostRounds { get; init; } = int.MaxValue;

    /// <summary>About how long a round takes, all contestants together.</summary>
    public required double SecondsPerRound { get; init; }

    /// <summary>Makes data, once and outside the timing; is handed a way to say so.</summary>
    public Action<Action<string>> Prepare { get; init; } = _ => { };

    /// <summary>Adds what the parent works out of a run, such as accuracy from written predictions.</summary>
    public Action<Contestant, PeerMeasures> Complete { get; init; } = (_, _) => { };

    /// <summary>Says whether all did equal work.</summary>
    public required Func<IReadOnlyList<ContestantRuns>, IEnumerable<Verdict>> Judge { get; init; }

    /// <summary>Numbers with what they count, words as they are: "churn-1m, 31 leaves, 255 bins, 1 thread".</summary>
    public string Name => string.Join(", ", Parameters.Select(parameter => !int.TryParse(parameter.Value, out int count) ? parameter.Value
        : $"{count:N0} {(count == 1 ? parameter.Key.TrimEnd('s') : parameter.Key)}"));

    public int Rounds(int asked) => Math.Min(asked, MostRounds);
}

/// <summary>One program under test.</summary>
/// <param name="Name">Such as "ours" or "xgboost".</param>
/// <param name="Script">Python script below bench/Peers to run; null for a child process of this program.</param>
/// <param name="Options">Handed over as JSON.</param>
internal sealed record Contestant(string Name, string? Script, JsonObject Options)
{
    /// <summary>Of the child process, beyond what it inherits; libraries read their number of threads from here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>After this it is stopped, and the comparison fails.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(20);
}

/// <summary>A number that each contestant reports.</summary>
/// <param name="Key">Its key in the child's JSON.</param>
/// <param name="Title">As printed.</param>
/// <param name="Unit">Such as "s".</param>
internal sealed record PeerMetric(string Key, string Title, string Unit)
{
    /// <summary>False for rates, where more is better, and for accuracies, which are judged and not divided.</summary>
    public MetricKind Kind { get; init; } = MetricKind.Cost;

    public int Decimals { get; init; } = 2;

    /// <summary>What the ratio is taken of: a cost as it is, a rate as the time it stands for; so below 1 is better for us, always.</summary>
    public double Cost(double value) => Kind == MetricKind.Rate ? 1 / value : value;
}

/// <summary>How a number is compared.</summary>
internal enum MetricKind
{
    /// <summary>Seconds or bytes: less is better.</summary>
    Cost,
    /// <summary>Rows a second: more is better.</summary>
    Rate,
    /// <summary>Shown, never divided: accuracy, counts.</summary>
    Shown,
}

/// <summary>All rounds of a contestant in a case.</summary>
internal sealed record ContestantRuns(Contestant Contestant, IReadOnlyList<PeerMeasures> Rounds)
{
    /// <summary>Its name, with the version that it reported.</summary>
    public string Title => Rounds.Count > 0 && Rounds[0].Texts.TryGetValue("version", out string? version) ? $"{Contestant.Name} {version}" : Contestant.Name;

    public double[] Values(string key) => [.. Rounds.Select(round => round[key])];

    public double Median(string key) => Sample.Median(Values(key));
}

/// <summary>Outcome of a check that all did equal work.</summary>
internal sealed record Verdict(bool Holds, string Text);
