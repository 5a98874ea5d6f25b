using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Turns settings into what trains: the algorithm, with a search, a choice of features and classes evened out around it where they are asked for.</summary>
internal sealed record AlgorithmChoice
{
    // Of the rows, in the order of time; the other member of that ensemble learns from all of them.
    private const double RecentShare = 1.0 / 3;

    /// <summary>How.</summary>
    public required TrainSettings Settings { get; init; }

    /// <summary>What the label is.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>Threads, 1 and up.</summary>
    public required int Threads { get; init; }

    /// <summary>Version of the engine: trials of another are not taken over.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Suits the booster's options to the rows; null for as they are.</summary>
    public Func<BoosterOptions, BoosterOptions>? Suit { get; init; }

    /// <summary>Trees to go on from; null starts anew.</summary>
    public TreeEnsemble? ContinueFrom { get; init; }

    /// <summary>True where rows stand in the order of time.</summary>
    public bool HasTime { get; init; }

    /// <summary>Folds for a search, from the rows that are trained on; null: stratified ones.</summary>
    public Func<LabelledRows, TuningFolds>? InnerFolds { get; init; }

    /// <summary>Remembers finished trials.</summary>
    public ITrialLog? Log { get; init; }

    /// <summary>Told of every trial.</summary>
    public IProgress<TrialProgress>? Trials { get; init; }

    /// <summary>What trains.</summary>
    /// <remarks>Errors: CE1118, CE1138, CE1140, CE1142, CE1144 where the settings ask for what the label or the algorithm does not have.</remarks>
    public IAlgorithm Make()
    {
        SearchSpace? space = Settings.Tune.Trials == 0 ? null : Settings.Tune.Space ?? SearchSpace.For(Settings.Algorithm);
        if (space?.Dimensions.FirstOrDefault(dimension => !TunedOptions.Has(Settings.Algorithm, dimension.Name)) is { } strange)
            throw DesignErrors.NotTunable(strange.Name, AlgorithmNames.Of(Settings.Algorithm));
        var recipe = new Recipe
        {
            Build = Build,
            Threads = Threads,
            Identity = Identity(),
            Search = space is null ? null : Settings.Tune.Options with { Trials = Settings.Tune.Trials, Threads = Threads },
            Space = space,
            InnerFolds = InnerFolds ?? (rows => TuningFolds.Stratified(rows, Math.Max(2, Settings.Tune.Folds), (long)Settings.Tune.Options.Seed)),
            Select = Settings.Select is null ? null : Settings.Select with { Always = [.. Constrained()] },
            Imbalance = Settings.Imbalance,
            Log = Log,
            Trials = Trials,
        };
        if (recipe.DoesMore && Task == ModelTask.Regression)
            throw DesignErrors.OnlyOfChurn(WhatIsAsked(Settings));
        IAlgorithm plain = Build(new AlgorithmOrder(new Dictionary<string, string>(), Threads, 1));
        return recipe.DoesMore ? new RecipeAlgorithm(recipe) : plain;
    }

    /// <summary>What of the settings goes beyond a plain fit, as it is written.</summary>
    public static string WhatIsAsked(TrainSettings settings) => settings.Tune.Trials > 0 ? "`tune`" : settings.Select is not null ? "`select`" : "`imbalance`";

    private IAlgorithm Build(AlgorithmOrder order)
    {
        TrainSettings settings = Suit is null ? Settings : Settings with { Booster = Suit(Settings.Booster) };
        settings = TunedOptions.Apply(settings, order.Chosen);
        BoosterOptions booster = Scaled(settings.Booster, order), forest = Scaled(settings.Forest, order);
        LogisticRegressionOptions logistic = settings.Logistic with { Threads = order.Threads };
        bool isChurn = Task == ModelTask.Classification;
        ForestOptions Forest(bool extra) => ForestOptions.Of(forest, extra, isChurn ? ObjectiveKind.Logistic : ObjectiveKind.SquaredError);
        switch (settings.Algorithm)
        {
            case AlgorithmKind.Logistic:
                return isChurn ? new LogisticAlgorithm(logistic) : throw PipelineErrors.LogisticOfAValue();
            case AlgorithmKind.Forest or AlgorithmKind.ExtraTrees:
                return new ForestAlgorithm(Forest(settings.Algorithm == AlgorithmKind.ExtraTrees));
            case AlgorithmKind.Stack or AlgorithmKind.RecentHistorical when !isChurn:
                throw DesignErrors.StackOfAValue(AlgorithmNames.Of(settings.Algorithm));
            case AlgorithmKind.Stack:
                return new StackAlgorithm(AlgorithmKind.Stack, [("boosting", new BoosterAlgorithm(booster)), ("forest", new ForestAlgorithm(Forest(extra: false))), ("logistic", new LogisticAlgorithm(logistic))]);
            case AlgorithmKind.RecentHistorical:
                return HasTime
                    ? new StackAlgorithm(AlgorithmKind.RecentHistorical, [("historical", new BoosterAlgorithm(booster)), ("recent", new RecentAlgorithm(new BoosterAlgorithm(booster), RecentShare))])
                    : throw DesignErrors.TableHasNoTime("algorithm recent_historical");
            default:
                return new BoosterAlgorithm(booster) { ContinueFrom = ContinueFrom };
        }
    }

    private static BoosterOptions Scaled(BoosterOptions options, AlgorithmOrder order) =>
        options with { Threads = order.Threads, Trees = order.TreeShare == 1 ? options.Trees : Math.Max(1, (int)(options.Trees * order.TreeShare)) };

    private IEnumerable<string> Constrained() => [.. Settings.Booster.MonotoneConstraints?.Names ?? [], .. Settings.Booster.InteractionConstraints?.Names ?? []];

    // All that decides a score beside the rows: the settings as they are, for the trial, and those that stay.
    private string Identity() => string.Join('\n', new[] { EngineVersion, AlgorithmNames.Of(Settings.Algorithm), $"{HasTime}" }
        .Concat(OptionText.Of(AlgorithmKind.Boosting, Suit?.Invoke(Settings.Booster) ?? Settings.Booster).Concat(OptionText.Of(AlgorithmKind.Forest, Settings.Forest)).Concat(OptionText.Of(AlgorithmKind.Logistic, Settings.Logistic))
            .Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal)));
}
