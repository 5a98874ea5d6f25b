using System.Text.Json.Nodes;

namespace ChurnEngine.Bench.Peers;

/// <summary>One comparison with what users would take otherwise. A new one is one file: whatever implements this is found and listed.</summary>
internal interface IPeerEntry
{
    /// <summary>Short name, as in <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>What is compared with what, and how it is timed: the first lines of its part of the report.</summary>
    string Summary { get; }

    /// <summary>What has to be installed before it runs.</summary>
    IReadOnlyList<DebianPackage> Needs { get; }

    /// <summary>The cases of a run, short ones first.</summary>
    IEnumerable<PeerCase> Cases(PeerRequest request);

    /// <summary>Runs a contestant that has no script: called in a child process of its own.</summary>
    /// <param name="contestant">Name of the contestant.</param>
    /// <param name="options">What the case handed over.</param>
    PeerMeasures Measure(string contestant, JsonObject options);

    /// <summary>Every entry of this program, by name.</summary>
    static IReadOnlyList<IPeerEntry> All { get; } =
    [
        .. typeof(IPeerEntry).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IPeerEntry)))
            .Select(type => (IPeerEntry)Activator.CreateInstance(type)!).OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];
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
}
