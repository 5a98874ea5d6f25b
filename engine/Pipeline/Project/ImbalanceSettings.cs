using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>What is done about a rare class: <c>train: { imbalance: { method: smote, ratio: 0.5 } }</c>, and <c>--imbalance</c>.</summary>
internal static class ImbalanceSettings
{
    private const string None = "none", Undersample = "undersample", Smote = "smote", Cost = "cost";

    /// <summary>How <c>--imbalance</c> is written.</summary>
    public const string Form = "none, undersample, smote, or cost:FEATURE with a feature to weigh customers by";

    public static Imbalance? Read(ConfigSection section)
    {
        Imbalance o = new();
        string method = section.OneOf("method", None, Undersample, Smote, Cost);
        var imbalance = o with
        {
            Method = MethodOf(method),
            Ratio = section.Number("ratio", o.Ratio),
            Neighbours = section.AtLeast("neighbours", 1, o.Neighbours),
            MostRows = section.AtLeast("max_rows", 0, o.MostRows),
            Column = section.Text("column", o.Column),
            Seed = section.Seed("seed", o.Seed),
        };
        if (!(imbalance.Ratio > 0 && imbalance.Ratio <= 1))
            throw section.Unusable("ratio", "above 0 up to 1: rows of class 1 for each of class 0");
        if (method == Cost && imbalance.Column.Length == 0)
            throw section.Unusable("method", "`column:` beside cost, with a feature to weigh customers by");
        section.Close();
        return method == None ? null : imbalance;
    }

    /// <summary>What the command line asks for, with the project's other settings.</summary>
    /// <remarks>Errors: CE1135.</remarks>
    public static Imbalance? Parse(string text, Imbalance? project)
    {
        string[] parts = text.Split(':', 2);
        Imbalance imbalance = project ?? new();
        return (parts[0], parts.Length) switch
        {
            (None, 1) => null,
            (Undersample or Smote, 1) => imbalance with { Method = MethodOf(parts[0]) },
            (Cost, 2) when parts[1].Length > 0 => imbalance with { Method = ImbalanceMethod.Cost, Column = parts[1] },
            (Cost, 1) when imbalance.Column.Length > 0 => imbalance with { Method = ImbalanceMethod.Cost },
            _ => throw DesignErrors.BadImbalance(text),
        };
    }

    private static ImbalanceMethod MethodOf(string name) => name switch { Smote => ImbalanceMethod.Smote, Cost => ImbalanceMethod.Cost, _ => ImbalanceMethod.Undersample };
}
