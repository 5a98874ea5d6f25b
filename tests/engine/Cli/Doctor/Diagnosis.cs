using System.Text.Json;

namespace ChurnEngine.Cli.Tests.Doctor;

/// <summary>What <c>churn doctor --json</c> said, by name.</summary>
internal sealed class Diagnosis(CommandRun run)
{
    private readonly JsonElement _result = run.Result;

    public string[] Ready => [.. Verbs(ready: true)];

    public string[] Unready => [.. Verbs(ready: false)];

    public string[] Ids => [.. Findings.Select(finding => finding.GetProperty("id").GetString()!)];

    private IEnumerable<JsonElement> Findings => _result.GetProperty("topics").EnumerateArray().SelectMany(topic => topic.GetProperty("findings").EnumerateArray());

    /// <summary>The finding of that id; fails when there is none, or more than one.</summary>
    public JsonElement this[string id] => Findings.Single(finding => finding.GetProperty("id").GetString() == id);

    public string Standing(string id) => this[id].GetProperty("standing").GetString()!;

    public string Found(string id) => this[id].GetProperty("found").GetString()!;

    public string Hint(string id) => this[id].GetProperty("hint").GetString()!;

    /// <summary>Ids of what a verb misses.</summary>
    public string[] Misses(string verb) => [.. _result.GetProperty("verbs").EnumerateArray().Single(row => row.GetProperty("verb").GetString() == verb)
        .GetProperty("misses").EnumerateArray().Select(miss => miss.GetString()!)];

    private IEnumerable<string> Verbs(bool ready) => _result.GetProperty("verbs").EnumerateArray()
        .Where(verb => verb.GetProperty("ready").GetBoolean() == ready).Select(verb => verb.GetProperty("verb").GetString()!);
}
