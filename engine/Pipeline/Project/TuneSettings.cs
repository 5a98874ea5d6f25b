using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A search for options: <c>train: { tune: { trials: 40, space: { learning_rate: { min: 0.02, max: 0.3, log: true } } } }</c>.</summary>
public sealed record TuneSettings
{
    /// <summary>Trials beside that of the options as they are; 0: no search.</summary>
    public int Trials { get; init; }

    /// <summary>How it goes.</summary>
    public SearchOptions Options { get; init; } = new();

    /// <summary>Folds within what is trained on, that a trial is scored on.</summary>
    public int Folds { get; init; } = DefaultFolds;

    /// <summary>Ranges; null: those that suit the algorithm.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>Trials where a search is asked for and nothing says how many.</summary>
    internal const int DefaultTrials = 40;

    private const int DefaultFolds = 3;

    internal static TuneSettings Read(ConfigSection section)
    {
        SearchOptions o = new();
        var settings = new TuneSettings
        {
            Trials = section.AtLeast("trials", 0, section.IsThere ? DefaultTrials : 0),
            Folds = section.AtLeast("folds", 1, DefaultFolds),
            Options = o with
            {
                Method = section.OneOf("method", "tpe", "random") == "random" ? SearchMethod.Random : SearchMethod.Tpe,
                Halving = section.Flag("halving", o.Halving),
                Resource = section.OneOf("resource", "rows", "trees") == "trees" ? HalvingResource.Trees : HalvingResource.Rows,
                Seed = section.Seed("seed", o.Seed),
            },
            Space = ReadSpace(section.Nested("space")),
        };
        section.Close();
        return settings;
    }

    private static SearchSpace? ReadSpace(ConfigSection section) => section.IsThere ? new SearchSpace([.. section.Keys.Select(key => ReadDimension(section, key))]) : null;

    private static SearchDimension ReadDimension(ConfigSection section, string key)
    {
        string name = TunedOptions.Find(key) ?? throw PipelineErrors.UnknownOption(section.At(key), key);
        SearchDimension dimension;
        if (section.IsList(key))
        {
            dimension = SearchDimension.OneOf(name, section.List(key));
        }
        else
        {
            ConfigSection range = section.Nested(key);
            double? min = range.OptionalNumber("min"), max = range.OptionalNumber("max");
            bool isLog = range.Flag("log", false), isWhole = range.Flag("int", false);
            range.Close();
            if (min is not { } low || max is not { } high || low >= high || isLog && low <= 0)
                throw section.Unusable(key, "min below max, above 0 with log: true; or a list of values");
            dimension = SearchDimension.Range(name, low, high, isLog, isWhole);
        }
        return dimension.Texts.Count > 1 && dimension.Texts.All(text => TunedOptions.IsUsable(name, text)) ? dimension : throw section.Unusable(key, TunedOptions.Expected(name));
    }
}
