namespace ChurnEngine.Pipeline;

/// <summary>How a training is measured, searched and prepared, as the command line gave it; null leaves the project's setting.</summary>
public sealed record DesignOverrides
{
    /// <summary>Folds by rolling origin, of a project.</summary>
    public int? Folds { get; init; }

    /// <summary>Whether options are searched for.</summary>
    public bool Tune { get; init; }

    /// <summary>Trials of the search; 0 for none.</summary>
    public int? Trials { get; init; }

    /// <summary>File that remembers finished trials; null: beside the model.</summary>
    public string? Journal { get; init; }

    /// <summary>Choice of features.</summary>
    public string? Select { get; init; }

    /// <summary>What is done about a rare class.</summary>
    public string? Imbalance { get; init; }

    internal TrainSettings Apply(TrainSettings settings)
    {
        if (Folds is { } folds and (< 0 or > ValidationSettings.MostFolds))
            throw DesignErrors.BadFolds(folds);
        if (Trials is < 0)
            throw DesignErrors.BadTrials(Trials.Value);
        int trials = Trials ?? (Tune && settings.Tune.Trials == 0 ? TuneSettings.DefaultTrials : settings.Tune.Trials);
        if (Journal is not null && trials == 0)
            throw DesignErrors.JournalWithoutSearch();
        return settings with
        {
            Validation = settings.Validation with { Folds = Folds ?? settings.Validation.Folds },
            Tune = settings.Tune with { Trials = trials },
            Select = Select is null ? settings.Select : SelectSettings.Parse(Select, settings.Select),
            Imbalance = Imbalance is null ? settings.Imbalance : ImbalanceSettings.Parse(Imbalance, settings.Imbalance),
        };
    }
}
