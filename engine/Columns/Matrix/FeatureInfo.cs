namespace ChurnEngine.Columns;

/// <summary>How the values of a feature are meant.</summary>
public enum FeatureKind
{
    /// <summary>An ordered quantity; splits compare it with a threshold.</summary>
    Numeric,
    /// <summary>A code 0..K-1 into <see cref="FeatureInfo.Categories"/>; splits ask for membership in a set.</summary>
    Categorical,
}

/// <summary>What is known of one column of a feature matrix: shared by the featurizer, the trainer, the model file and the reasons.</summary>
public sealed record FeatureInfo
{
    /// <summary>Unique within the matrix.</summary>
    public required string Name { get; init; }

    /// <summary>Numeric or categorical.</summary>
    public FeatureKind Kind { get; init; }

    /// <summary>Unit of the values, such as "days" or "count"; empty when unknown.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Features of one family tell the same fact; reasons name the strongest of a family. Empty: a family of its own.</summary>
    public string Family { get; init; } = "";

    /// <summary>Text of each code, frozen when the model was fitted. A text not among them is missing (NaN). Empty for numeric features.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];
}
