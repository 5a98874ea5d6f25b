namespace ChurnEngine.Pipeline;

/// <summary>The stages of <c>churn run</c>, in order.</summary>
/// <remarks>
/// <code>
/// validate -> audit -> train -> score -> decide
///                        |
///                        +----> monitor -> retrain
/// </code></remarks>
public static class CycleStages
{
    /// <summary>Every table to its end.</summary>
    public const string Validate = "validate";

    /// <summary>Does the plan see the future?</summary>
    public const string Audit = "audit";

    /// <summary>The first production model, or that of a changed plan.</summary>
    public const string Train = "train";

    /// <summary>Every customer with the production model.</summary>
    public const string Score = "score";

    /// <summary>Whom to contact with what.</summary>
    public const string Decide = "decide";

    /// <summary>Are they still the customers of the training, and is the model as good?</summary>
    public const string Monitor = "monitor";

    /// <summary>A challenger, when it is needed.</summary>
    public const string Retrain = "retrain";

    /// <summary>All, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [Validate, Audit, Train, Score, Decide, Monitor, Retrain];

    /// <summary>Where a stage stands in the order; -1 of a word that is none.</summary>
    public static int IndexOf(string stage) => Array.IndexOf([.. All], stage);

    /// <summary>Stages that must not have failed before this one runs.</summary>
    internal static IReadOnlyList<string> Needs(string stage) => stage switch
    {
        Audit => [Validate],
        Train => [Validate, Audit],
        Score or Monitor => [Train],
        Decide => [Score],
        Retrain => [Monitor],
        _ => [],
    };

    /// <summary>Stages that are done anew after this one was.</summary>
    internal static IReadOnlyList<string> Feeds(string stage) => stage switch
    {
        Train => [Score, Decide, Monitor, Retrain],
        Score => [Decide],
        Monitor => [Retrain],
        _ => [],
    };
}
