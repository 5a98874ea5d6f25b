using System.Globalization;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>What trainings are compared by.</summary>
public enum Comparison
{
    /// <summary>By algorithm.</summary>
    Models,
    /// <summary>By what is done about a rare class.</summary>
    Imbalance,
}

/// <summary>One training of a comparison.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Settings">How it trains.</param>
/// <param name="Flags">How to have it with <c>churn train</c>.</param>
internal sealed record Contender(string Name, TrainSettings Settings, string Flags)
{
    private const double UsualPositiveWeight = 3;

    /// <summary>The trainings that a comparison is among.</summary>
    /// <param name="comparison">By what.</param>
    /// <param name="settings">Settings of the job: all that is not compared stays.</param>
    /// <param name="hasTime">True of a project: a plain table has no latest rows.</param>
    public static IReadOnlyList<Contender> Of(Comparison comparison, TrainSettings settings, bool hasTime) =>
        [.. comparison == Comparison.Models ? Algorithms(settings, hasTime) : Methods(settings)];

    private static IEnumerable<Contender> Algorithms(TrainSettings settings, bool hasTime) => new[]
    {
        AlgorithmKind.Logistic, AlgorithmKind.Forest, AlgorithmKind.ExtraTrees, AlgorithmKind.Boosting, AlgorithmKind.Stack, AlgorithmKind.RecentHistorical,
    }.Where(kind => hasTime || kind != AlgorithmKind.RecentHistorical).Select(kind => new Contender(AlgorithmNames.Of(kind), settings with
    {
        Algorithm = kind,
        // Ranges that the project gives for one algorithm mean nothing to another.
        Tune = settings.Tune.Space?.Dimensions.All(dimension => TunedOptions.Has(kind, dimension.Name)) == false ? settings.Tune with { Space = null } : settings.Tune,
    }, $"--algorithm {AlgorithmNames.Of(kind)}"));

    private static IEnumerable<Contender> Methods(TrainSettings settings)
    {
        TrainSettings none = settings with { Imbalance = null, Booster = settings.Booster with { ClassWeight = null, ScalePosWeight = 1, Objective = ObjectiveKind.Logistic } };
        Imbalance imbalance = settings.Imbalance ?? new();
        yield return new Contender("none", none, "--imbalance none");
        if (settings.Algorithm is AlgorithmKind.Boosting or AlgorithmKind.RecentHistorical)
        {
            yield return new Contender("class weights", none with { Booster = none.Booster with { ClassWeight = ClassWeights.Balanced } }, "--set class_weight=balanced");
            yield return new Contender("positive weight", none with { Booster = none.Booster with { ScalePosWeight = UsualPositiveWeight } }, string.Create(CultureInfo.InvariantCulture, $"--set scale_pos_weight={UsualPositiveWeight}"));
            yield return new Contender("focal", none with { Booster = none.Booster with { Objective = ObjectiveKind.Focal } }, "--objective focal");
        }
        yield return new Contender("undersample", none with { Imbalance = imbalance with { Method = ImbalanceMethod.Undersample } }, "--imbalance undersample");
        yield return new Contender("smote", none with { Imbalance = imbalance with { Method = ImbalanceMethod.Smote } }, "--imbalance smote");
        if (imbalance.Column.Length > 0)
            yield return new Contender($"cost by {imbalance.Column}", none with { Imbalance = imbalance with { Method = ImbalanceMethod.Cost } }, $"--imbalance cost:{imbalance.Column}");
    }
}
