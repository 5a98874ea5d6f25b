using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>What one feature becomes: a standardised number, and columns that are 0 or 1 for its levels. At most one level of a feature is 1 in a row.</summary>
/// <param name="Kind">Numeric: at most the number and the level "missing". Categorical: levels only.</param>
internal sealed record FeatureEncoding(FeatureKind Kind)
{
    /// <summary>True when the number varies and has a column.</summary>
    public bool HasNumber { get; init; }

    /// <summary>Weighted mean of the values that are there; 0 when none is.</summary>
    public double Mean { get; init; }

    /// <summary>Weighted standard deviation of the values that are there.</summary>
    public double Deviation { get; init; }

    /// <summary>Levels, in the order of their columns; empty when all rows are of one level.</summary>
    public Level[] Levels { get; init; } = [];

    /// <summary>[codes] level of each code; -1 where it has none.</summary>
    public int[] LevelOfCode { get; init; } = [];

    /// <summary>Level of codes without their own; -1 for none.</summary>
    public int OtherLevel { get; init; } = -1;

    /// <summary>Level of a missing value; -1 for none.</summary>
    public int MissingLevel { get; init; } = -1;

    /// <summary>The level of a value; -1 for none.</summary>
    public int LevelOf(float value)
    {
        if (!float.IsFinite(value))
            return MissingLevel;
        if (Kind == FeatureKind.Numeric)
            return -1;
        float code = MathF.Floor(value);
        return code >= 0 && code < LevelOfCode.Length && LevelOfCode[(int)code] is >= 0 and int own ? own : OtherLevel;
    }
}

/// <summary>One level of a feature.</summary>
/// <param name="Code">Its code; <see cref="Other"/> or <see cref="Missing"/>.</param>
/// <param name="Share">Weighted share of the training rows, above 0 and below 1.</param>
internal readonly record struct Level(int Code, double Share)
{
    public const int Other = -1;
    public const int Missing = -2;

    /// <summary>Standard deviation of the column.</summary>
    public double Deviation => Math.Sqrt(Share * (1 - Share));
}
