namespace ChurnEngine.Trainer;

/// <summary>What the booster minimises.</summary>
public enum ObjectiveKind
{
    /// <summary>Log-loss of a 0/1 label; the margin is the log-odds.</summary>
    Logistic,
    /// <summary>Half the squared error of any finite label; the margin is the value.</summary>
    SquaredError,
}
