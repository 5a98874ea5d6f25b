namespace ChurnEngine.Audit;

/// <summary>What was too good.</summary>
public enum AlarmKind
{
    /// <summary>One feature alone.</summary>
    Feature,
    /// <summary>The model.</summary>
    Model,
    /// <summary>The model, against the best that is reachable in a generated world.</summary>
    Oracle,
}

/// <summary>One alarm.</summary>
/// <param name="Kind">What was too good.</param>
/// <param name="Subject">The feature's name, or "model".</param>
/// <param name="Auc">AUC reached, 0.5..1.</param>
/// <param name="Limit">AUC from which it alarms.</param>
public sealed record AlarmFinding(AlarmKind Kind, string Subject, double Auc, double Limit)
{
    /// <summary>The alarm in one sentence.</summary>
    public string Message => Kind switch
    {
        AlarmKind.Feature => FormattableString.Invariant($"feature '{Subject}' alone reaches AUC {Auc:0.0000}, above {Limit:0.0000}"),
        AlarmKind.Oracle => FormattableString.Invariant($"the model reaches AUC {Auc:0.0000}, above {Limit:0.0000}, the best reachable one and its error"),
        _ => FormattableString.Invariant($"the model reaches AUC {Auc:0.0000}, above {Limit:0.0000}"),
    };
}

/// <summary>What the leakage alarm looked at and found.</summary>
public sealed record LeakageReport
{
    /// <summary>Alarms: the model's first, then features from the highest AUC down, equal ones in column order. Empty when all is well.</summary>
    public required IReadOnlyList<AlarmFinding> Findings { get; init; }

    /// <summary>[F] AUC of each feature alone, 0.5..1 (a categorical one may fall a little below 0.5); NaN where it was not judged.</summary>
    public required double[] FeatureAuc { get; init; }

    /// <summary>Rows checked.</summary>
    public required int RowsChecked { get; init; }

    /// <summary>Throws when there is an alarm; not called when the user overrides it.</summary>
    /// <remarks>Errors: ChurnGateException CE8001.</remarks>
    public void ThrowIfAlarmed()
    {
        if (Findings.Count > 0)
            throw AuditErrors.Leakage(Findings);
    }
}
