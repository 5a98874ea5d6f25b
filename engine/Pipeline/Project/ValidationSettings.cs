namespace ChurnEngine.Pipeline;

/// <summary>How a training is measured beside its test snapshot: <c>train: { validation: { folds: 3 } }</c>.</summary>
public sealed record ValidationSettings
{
    internal const int MostFolds = 50;
    private const double DefaultShare = 0.3;

    /// <summary>Folds by rolling origin, of a project; 0: none beside the last one, which makes the model.</summary>
    public int Folds { get; init; }

    /// <summary>Whether those customers that a fold stops, calibrates and tests on do not train it: a salted hash chooses them. The model that is kept trains on all.</summary>
    public bool CustomersApart { get; init; }

    /// <summary>Share of the customers that are kept apart, above 0 and below 1.</summary>
    public double ApartShare { get; init; } = DefaultShare;

    internal static ValidationSettings Read(ConfigSection section)
    {
        var settings = new ValidationSettings
        {
            Folds = section.AtLeast("folds", 0, 0),
            CustomersApart = section.Flag("customers_apart", false),
            ApartShare = section.Share("apart_share", DefaultShare),
        };
        if (settings.ApartShare is 0 or 1)
            throw section.Unusable("apart_share", "a number above 0 and below 1");
        if (settings.Folds > MostFolds)
            throw section.Unusable("folds", $"0 to {MostFolds}");
        section.Close();
        return settings;
    }
}
