using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Features without a model: categories are those seen at the very instant.</summary>
public static class SelfFrozenFeatures
{
    private const int CategoryLimit = 10_000;

    /// <summary>Computes everybody at risk at an instant, with the categories that occur there.</summary>
    /// <param name="plan">A plan that may be unfrozen.</param>
    /// <param name="data">Events and attributes.</param>
    /// <param name="asOf">Microseconds since 1970 UTC; <see cref="FeatureSnapshot.Timeless"/> for a plain table.</param>
    /// <param name="budget">Threads.</param>
    /// <param name="cancellation">Stops between partitions.</param>
    /// <returns>The snapshot; the caller disposes it. Its codes fit no model: take the model's plan for that.</returns>
    public static FeatureSnapshot Compute(FeaturePlan plan, CustomerData data, long asOf, JobBudget budget, CancellationToken cancellation)
    {
        FeatureSnapshot raw = new Featurizer(plan, data, mayBeUnfrozen: true).Compute(asOf, Population.Scoring, budget, cancellation);
        FeaturePlan frozen = new CategoryFreezer(plan, data, CategoryLimit).Freeze(raw.Matrix, raw.Matrix.RowCount, []);
        return new FeatureSnapshot(raw.Matrix.Describe(frozen.Features), raw.Keys, raw.AsOf, raw.Partitions);
    }
}
