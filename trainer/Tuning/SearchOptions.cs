namespace ChurnEngine.Trainer;

/// <summary>How the next trial is chosen.</summary>
public enum SearchMethod
{
    /// <summary>By what the trials so far say: tree-structured Parzen estimator.</summary>
    Tpe,
    /// <summary>At random.</summary>
    Random,
}

/// <summary>What a trial gets less of until it proves itself.</summary>
public enum HalvingResource
{
    /// <summary>Training rows.</summary>
    Rows,
    /// <summary>Trees at most; of an algorithm without trees nothing.</summary>
    Trees,
}

/// <summary>How a search goes.</summary>
public sealed record SearchOptions
{
    /// <summary>Trials beside that of the options as they are, 1 and up.</summary>
    public int Trials { get; init; } = 40;

    /// <summary>How the next trial is chosen.</summary>
    public SearchMethod Method { get; init; }

    /// <summary>Whether trials begin on a part, and only the best third goes on to three times as much (synchronous successive halving).</summary>
    public bool Halving { get; init; } = true;

    /// <summary>Part of what.</summary>
    public HalvingResource Resource { get; init; }

    /// <summary>Key of every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads that work at once, over all trials, 1 and up. The result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE4033.</remarks>
    public void Validate()
    {
        if (Trials < 1)
            throw TuningErrors.BadTrials(Trials);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
    }

    /// <summary>The search as text, without threads: what makes one search another.</summary>
    public override string ToString() => $"{Trials} trials by {(Method == SearchMethod.Tpe ? "tpe" : "random")}{(Halving ? $", halving {(Resource == HalvingResource.Rows ? "rows" : "trees")}" : "")}, seed {Seed}";
}
