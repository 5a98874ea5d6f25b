using ChurnEngine.Explain;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>How reasons are told: section <c>reasons</c>.</summary>
/// <param name="Rules">Words, families, and names never told; of these only what was written.</param>
/// <param name="Parts">Columns that each reason gets in the output of scoring.</param>
/// <param name="HasSensitive">False: protected attributes, such as age and gender, are the features never told.</param>
public sealed record ReasonSettings(ReasonRules Rules, IReadOnlyList<ReasonPart> Parts, bool HasSensitive)
{
    /// <summary>Used when there is no churn.yaml.</summary>
    public static ReasonSettings Default { get; } = new(ReasonRules.Default, [ReasonPart.Sentence], false);

    internal static ReasonSettings Read(ConfigSection section)
    {
        var rules = new ReasonRules
        {
            Templates = [.. (section.Entries("templates") ?? []).Select(entry => new ReasonTemplate(entry.Name, entry.Value))],
            Families = ReadFamilies(section.Nested("families")),
            Sensitive = section.List("sensitive"),
        };
        bool hasSensitive = section.IsList("sensitive");
        IReadOnlyList<string> columns = section.List("columns");
        if (columns.Any(name => ReasonParts.Find(name) is null) || columns.Distinct().Count() < columns.Count)
            throw section.Unusable("columns", $"a list of {string.Join(", ", ReasonParts.Names)}, each once");
        section.Close();
        return new ReasonSettings(rules, columns.Count == 0 ? Default.Parts : [.. columns.Select(name => ReasonParts.Find(name)!.Value)], hasSensitive);
    }

    /// <summary>Reads <c>--reason-columns</c>.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE1102.</remarks>
    internal static IReadOnlyList<ReasonPart> ParseParts(IReadOnlyList<string> names) =>
        names.FirstOrDefault(name => ReasonParts.Find(name) is null) is { } unknown
            ? throw PipelineErrors.BadSetting("--reason-columns", "the part of a reason", string.Join(", ", ReasonParts.Names), unknown)
            : [.. names.Distinct().Select(name => ReasonParts.Find(name)!.Value)];

    private static ReasonFamily[] ReadFamilies(ConfigSection section)
    {
        ReasonFamily[] families = [.. section.Keys.Select(name => new ReasonFamily(name, section.IsList(name) ? section.List(name) : [section.Text(name, "")]))];
        section.Close();
        return families;
    }
}
