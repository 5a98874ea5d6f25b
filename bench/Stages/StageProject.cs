using System.Globalization;
using System.Text;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>The churn.yaml of a generated world, changed to what a benchmark asks for: more features, so many trees, so many snapshots.</summary>
internal static class StageProject
{
    private const string WhereFeaturesEnd = "\nlabel:";
    private const int LongestWindowDays = 90;
    private static readonly string[] s_kinds = ["play", "search", "like", "skip", "error"];

    public static ProjectConfig Read(string file, StageOptions options)
    {
        string yaml = File.ReadAllText(file);
        int own = ProjectConfig.Parse(yaml, file).Plan.Features.Count, most = own + s_kinds.Length * LongestWindowDays;
        int wanted = options.Features == 0 ? own : options.Features;
        if (wanted < own || wanted > most)
            throw new BenchException($"{wanted} features cannot be had", $"from {own}, the world's own, to {most}; 0 means its own");
        int end = yaml.IndexOf(WhereFeaturesEnd, StringComparison.Ordinal);
        string train = string.Create(CultureInfo.InvariantCulture, $"\ntrain: {{ trees: {options.Trees}, early_stopping_rounds: 0, snapshots: {options.Snapshots} }}\n");
        return ProjectConfig.Parse(yaml[..end] + "\n" + More(wanted - own) + yaml[end..] + train, file);
    }

    // Counts by kind over windows of every length: each differs from the others, and all cost alike.
    private static string More(int count)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            string kind = s_kinds[i % s_kinds.Length];
            int days = 1 + i / s_kinds.Length;
            lines.Append(CultureInfo.InvariantCulture, $"  - {{ name: \"more_{kind}_{{w}}d\", from: events, where: \"kind = {kind}\", value: count, windows: [{days}] }}\n");
        }
        return lines.ToString();
    }
}
