namespace ChurnEngine.Decisions;

/// <summary>Chooses the customers whose contact earns most within capacity and budget.</summary>
public static class ActionPlanner
{
    /// <summary>Plans the contacts of customers who may all be contacted, at the offers' own save rates.</summary>
    /// <param name="probability">[N] calibrated probability of churn, 0..1. NaN is an error.</param>
    /// <param name="value">[N] value of each customer; NaN where unknown: that customer is left alone and counted. Empty: the options' value for all.</param>
    /// <param name="options">Economics and limits.</param>
    /// <returns>The same plan for the same rows in the same order; equal expected values in row order.</returns>
    /// <remarks>Errors: those of <see cref="DecisionProblem"/>.</remarks>
    public static ActionPlan Plan(float[] probability, double[] value, DecisionOptions options) =>
        new DecisionProblem(new DecisionInput { Probability = probability, Value = value }, options, threads: 1).Plan(CancellationToken.None);
}
