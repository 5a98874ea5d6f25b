using System.Globalization;

namespace ChurnEngine.Evaluation;

/// <summary>By what the threshold is chosen from which customers are flagged. One of a closed set.</summary>
public abstract record ThresholdRule
{
    private ThresholdRule()
    {
    }

    /// <summary>The rule in words, such as "precision at least 0.8".</summary>
    public abstract string InWords { get; }

    /// <summary>What to minimise or keep needs labels; capacity and expected value do not.</summary>
    public virtual bool NeedsLabels => true;

    /// <summary>The best F-beta.</summary>
    /// <param name="Beta">How many times as much recall counts as precision, above 0.</param>
    public sealed record ByFBeta(double Beta) : ThresholdRule
    {
        /// <inheritdoc/>
        public override string InWords => $"best F-beta, beta {Text(Beta)}";
    }

    /// <summary>The most recall with at least so much precision.</summary>
    /// <param name="AtLeast">Above 0, at most 1.</param>
    public sealed record ByPrecision(double AtLeast) : ThresholdRule
    {
        /// <inheritdoc/>
        public override string InWords => $"precision at least {Text(AtLeast)}";
    }

    /// <summary>The most precision with at least so much recall.</summary>
    /// <param name="AtLeast">Above 0, at most 1.</param>
    public sealed record ByRecall(double AtLeast) : ThresholdRule
    {
        /// <inheritdoc/>
        public override string InWords => $"recall at least {Text(AtLeast)}";
    }

    /// <summary>Every customer whom to contact is worth it: probability * value * save rate above cost.</summary>
    /// <param name="Value">What a customer who stays is worth, above 0.</param>
    /// <param name="Cost">What a contact costs, 0 and up.</param>
    /// <param name="SaveRate">Share of leaving customers whom the offer keeps, above 0, at most 1.</param>
    public sealed record ByValue(double Value, double Cost, double SaveRate) : ThresholdRule
    {
        /// <inheritdoc/>
        public override string InWords => $"expected value above 0 (value {Text(Value)}, cost {Text(Cost)}, save rate {Text(SaveRate)})";

        /// <inheritdoc/>
        public override bool NeedsLabels => false;
    }

    /// <summary>As many customers as can be contacted: those with the highest probability.</summary>
    /// <param name="Contacts">Of one scoring run of as many customers as the threshold is chosen on, 1 and up; with thresholds by segment, of each segment.</param>
    public sealed record ByCapacity(int Contacts) : ThresholdRule
    {
        /// <inheritdoc/>
        public override string InWords => $"the {Contacts.ToString("N0", CultureInfo.InvariantCulture)} most likely to leave";

        /// <inheritdoc/>
        public override bool NeedsLabels => false;
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}

/// <summary>A threshold, and how it keeps its rule on the rows it was chosen on.</summary>
/// <param name="Threshold">Probability from which a row is flagged, 0..1; exactly a float32.</param>
/// <param name="IsKept">False where no threshold keeps the rule: this one comes nearest.</param>
/// <param name="Precision">Share of the flagged that are positive; 0 when none is flagged.</param>
/// <param name="Recall">Share of the positives that are flagged; 0 when there is none.</param>
/// <param name="Flagged">Rows at or above it.</param>
/// <param name="Rows">All rows.</param>
public sealed record ThresholdDecision(double Threshold, bool IsKept, double Precision, double Recall, long Flagged, long Rows)
{
    /// <summary>The reason that stands in the model.</summary>
    /// <param name="rule">By which it was chosen.</param>
    public string Reason(ThresholdRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        string reached = string.Create(CultureInfo.InvariantCulture, $"flags {Flagged:N0} of {Rows:N0} with precision {Precision:0.####} and recall {Recall:0.####}");
        return IsKept ? $"{rule.InWords}: {reached}" : $"{rule.InWords} cannot be reached; the nearest {reached}";
    }
}
