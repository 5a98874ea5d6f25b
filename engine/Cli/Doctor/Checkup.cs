using System.Text.Json.Serialization;

namespace ChurnEngine.Cli.Doctor;

/// <summary>The findings of one probe.</summary>
internal sealed record CheckedTopic(string Topic, IReadOnlyList<Finding> Findings);

/// <summary>Whether a verb would run here.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Misses">What it needs and is not there.</param>
internal sealed record VerbReadiness(string Verb, [property: JsonIgnore] IReadOnlyList<Finding> Misses)
{
    public bool Ready => Misses.Count == 0;

    /// <summary>Ids of the findings that stand in its way.</summary>
    [JsonPropertyName("misses")]
    public IReadOnlyList<string> MissingIds => [.. Misses.Select(miss => miss.Id)];
}

/// <summary>All that was looked at, and what follows for each verb.</summary>
internal sealed record Checkup(IReadOnlyList<CheckedTopic> Topics, IReadOnlyList<VerbReadiness> Verbs)
{
    public bool Ready => Verbs.All(verb => verb.Ready);

    /// <summary>Runs the probes side by side, since some wait for other programs.</summary>
    /// <param name="probes">What to look at.</param>
    /// <param name="verbs">Verbs to judge. Probes and findings that serve none of them are left out when <paramref name="strictly"/>.</param>
    /// <param name="strictly">True: only what these verbs need.</param>
    public static Checkup Run(IReadOnlyList<IProbe> probes, IReadOnlyList<string> verbs, bool strictly)
    {
        Need asked = verbs.Aggregate(Need.None, (all, verb) => all | VerbNeeds.Of(verb));
        IProbe[] chosen = [.. probes.Where(probe => !strictly || (probe.Serves & asked) != 0)];
        var topics = new CheckedTopic[chosen.Length];
        Parallel.For(0, chosen.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, chosen.Length) }, i =>
            topics[i] = new CheckedTopic(chosen[i].Topic, [.. Findings(chosen[i]).Where(finding => !strictly || (finding.Needs & asked) != 0)]));
        Finding[] missing = [.. topics.SelectMany(topic => topic.Findings).Where(finding => finding.Standing == Standing.Missing)];
        return new Checkup([.. topics.Where(topic => topic.Findings.Count > 0)],
            [.. verbs.Select(verb => new VerbReadiness(verb, [.. missing.Where(finding => (finding.Needs & VerbNeeds.Of(verb)) != 0)]))]);
    }

    // A doctor that dies of one symptom says nothing of the others.
    private static List<Finding> Findings(IProbe probe)
    {
        var findings = new List<Finding>();
        try
        {
            findings.AddRange(probe.Look());
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            findings.Add(new Finding($"doctor.{probe.Topic.Replace(' ', '_')}", probe.Topic, Standing.Warning, $"could not be looked at: {failure.GetType().Name}: {failure.Message}")
            {
                Hint = "this is a bug of doctor: please report it with this output",
            });
        }
        return findings;
    }
}
