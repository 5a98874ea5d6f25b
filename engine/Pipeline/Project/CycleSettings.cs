namespace ChurnEngine.Pipeline;

/// <summary>When the cycle looks for leakage in the plan.</summary>
public enum CycleAudit
{
    /// <summary>Before it trains a model that goes straight into production.</summary>
    Training,
    /// <summary>Whenever data or configuration changed.</summary>
    Always,
    /// <summary>Never.</summary>
    Never,
}

/// <summary>How <c>churn run</c> goes about it: section <c>run</c>.</summary>
/// <param name="State">Folder, from the project's, that keeps how far the cycle is.</param>
/// <param name="Audit">When it looks for leakage.</param>
/// <param name="Grouped">Folder, from the project's, that keeps the tables grouped by customer; null keeps nothing.</param>
/// <param name="Decides">Whether the project has a section <c>decisions</c>.</param>
public sealed record CycleSettings(string State, CycleAudit Audit, string? Grouped, bool Decides)
{
    /// <summary>Used when there is no section.</summary>
    public static CycleSettings Default { get; } = new("cycle", CycleAudit.Training, null, false);

    internal static CycleSettings Read(ConfigSection section, bool decides)
    {
        CycleAudit audit = section.OneOf("audit", "training", "always", "never") switch
        {
            "always" => CycleAudit.Always,
            "never" => CycleAudit.Never,
            _ => CycleAudit.Training,
        };
        var settings = new CycleSettings(section.Text("state", Default.State), audit, section.OptionalText("grouped"), decides);
        section.Close();
        return settings;
    }
}
