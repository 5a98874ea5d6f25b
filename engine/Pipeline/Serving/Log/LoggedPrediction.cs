namespace ChurnEngine.Pipeline;

/// <summary>One prediction as the log keeps it.</summary>
/// <param name="Id">As the answer had it.</param>
/// <param name="At">When, microseconds since 1970 UTC.</param>
/// <param name="Customer">Key.</param>
/// <param name="AsOf">Instant of the features, microseconds since 1970 UTC.</param>
/// <param name="Arm">production, or the name of an arm.</param>
/// <param name="Answered">False of a shadow: nobody saw it.</param>
/// <param name="Prediction">What the model said.</param>
public readonly record struct LoggedPrediction(Guid Id, long At, string Customer, long AsOf, string Arm, bool Answered, SinglePrediction Prediction)
{
    /// <summary>Texts of categories that the model does not know: in its row they are missing. Null for none.</summary>
    public IReadOnlyList<UnknownText>? Unknown { get; init; }
}

/// <summary>A text of a category that the model does not know.</summary>
/// <param name="Feature">0..F-1.</param>
/// <param name="Text">As it came.</param>
public readonly record struct UnknownText(int Feature, string Text);
