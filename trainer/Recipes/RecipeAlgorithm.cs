using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>A recipe as an algorithm: whoever fits it on the rows of a fold has all of it inside that fold.</summary>
/// <remarks>Order: the search, each of its folds with a choice of features of its own; the choice of features; the classes; the fit. The predictor reads all features again, and is 0 in those not chosen.</remarks>
public sealed class RecipeAlgorithm(Recipe recipe) : IAlgorithm
{
    private static readonly Dictionary<string, string> s_asIs = [];

    private IReadOnlyList<TrainedPredictor>? Folds { get; init; }

    private Action<SplitTrace>? Trace { get; init; }

    /// <summary>The same, telling <paramref name="trace"/> of every split of the last fit where that is boosted.</summary>
    public RecipeAlgorithm Tracing(Action<SplitTrace> trace) => new(recipe) { Folds = Folds, Trace = trace };

    /// <inheritdoc/>
    public IAlgorithm Settle(IReadOnlyList<TrainedPredictor> folds) => new RecipeAlgorithm(recipe) { Folds = folds, Trace = Trace };

    /// <inheritdoc/>
    public TrainedPredictor Fit(LabelledRows train, LabelledRows? validation, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        (SearchResult? found, IReadOnlyList<TrainedPredictor>? folds) = Search(train, validation is null, cancellation);
        int[]? columns = recipe.Select?.Choose(train, recipe.Threads, cancellation);
        using Preparation rows = Preparation.Of(train, validation, columns, recipe.Imbalance);
        IAlgorithm algorithm = recipe.Build(new AlgorithmOrder(found?.Chosen ?? s_asIs, recipe.Threads, 1));
        if (Trace is not null && algorithm is BoosterAlgorithm booster)
            algorithm = booster.Tracing(Trace);
        if (folds is not null)
            algorithm = algorithm.Settle(folds);
        TrainedPredictor trained = algorithm.Fit(rows.Train, rows.Stop, progress, cancellation);
        return Describe(columns is null ? trained : WidePredictor.Of(trained, columns, train.Matrix.Features), train, columns, found);
    }

    // Without rows to stop on, how much is learnt comes from the folds: of the search where there was one, for they had the same options.
    private (SearchResult? Found, IReadOnlyList<TrainedPredictor>? Folds) Search(LabelledRows train, bool mustSettle, CancellationToken cancellation)
    {
        if (recipe.Search is null)
            return (null, mustSettle ? Folds : null);
        using TuningFolds inner = recipe.InnerFolds!(train);
        using var runner = new TrialRunner(recipe, inner, cancellation);
        SearchResult found = new HyperparameterSearch(recipe, runner).Run();
        return (found, mustSettle ? runner.Refit(found.Chosen) : null);
    }

    private TrainedPredictor Describe(TrainedPredictor trained, LabelledRows train, int[]? columns, SearchResult? found)
    {
        var text = new Dictionary<string, string>(trained.Options);
        if (found is not null)
        {
            text["Tuning"] = found.Design;
            text["TuningSpace"] = found.Space;
            text["TuningFolds"] = string.Join("; ", found.Folds);
            text["TuningChosen"] = found.Chosen.Count == 0 ? "as they were" : string.Join(" ", found.Chosen.Select(option => $"{option.Key}={option.Value}"));
            text["TuningLoss"] = found.Loss.ToString("R", CultureInfo.InvariantCulture);
            text["TuningLossAsIs"] = found.LossAsIs.ToString("R", CultureInfo.InvariantCulture);
        }
        string[] selected = columns is null ? [] : [.. columns.Select(column => train.Matrix.Features[column].Name)];
        if (columns is not null)
            (text["Selection"], text["SelectedFeatures"]) = (recipe.Select!.ToString(), string.Join(", ", selected));
        if (recipe.Imbalance is not null)
            text["Imbalance"] = recipe.Imbalance.ToString();
        return trained with { Options = text, Search = found, Selected = selected };
    }
}
