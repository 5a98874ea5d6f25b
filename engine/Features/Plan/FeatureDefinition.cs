using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>A column of the table, or what a function makes of one.</summary>
/// <param name="Name">The column; empty for none.</param>
/// <param name="Function">Of <see cref="TextFunction"/>, or empty.</param>
internal readonly record struct ColumnRef(string Name, string Function)
{
    /// <summary>Part of the row's instant instead of a column; null for a column.</summary>
    public ClockPart? Clock { get; init; }

    public bool IsNone => string.IsNullOrEmpty(Name) && Clock is null;

    public override string ToString() => Clock is { } part ? part.ToString().ToLowerInvariant()
        : string.IsNullOrEmpty(Function) ? WhereClause.Quote(Name ?? "") : $"{Function}({WhereClause.Quote(Name)})";
}

/// <summary>One column of the matrix, windows written out.</summary>
internal sealed record FeatureDefinition
{
    public required string Name { get; init; }
    public required Aggregate Aggregate { get; init; }
    public string Table { get; init; } = "";
    public WhereClause Where { get; init; } = WhereClause.Everything;

    /// <summary>What is aggregated.</summary>
    public ColumnRef Source { get; init; }

    /// <summary>Name of the column aggregated; empty without one.</summary>
    public string Column => Source.Name ?? "";

    /// <summary>Of `share`.</summary>
    public WhereClause? Also { get; init; }

    /// <summary>Period of a slope, or length of a short session, microseconds.</summary>
    public long Period { get; init; }

    /// <summary>Texts of `changes` and `time_share`.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>Microseconds; 0 means all history before t.</summary>
    public long Window { get; init; }

    /// <summary>Positions of the features it is made of, all before this one.</summary>
    public IReadOnlyList<int> Inputs { get; init; } = [];

    public int Numerator => Inputs[0];
    public int Denominator => Inputs[1];
    public bool PerDay { get; init; }

    /// <summary>Of an expression; its names are positions among <see cref="Inputs"/>.</summary>
    public Expression? Expression { get; init; }

    /// <summary>Classes of a quantile.</summary>
    public int Parts { get; init; }

    public Adjustment Adjustment { get; init; } = Adjustment.None;

    /// <summary>Decimals kept in sums.</summary>
    public int Scale { get; init; } = 4;
    public string Unit { get; init; } = "";
    public string Family { get; init; } = "";

    /// <summary>Frozen categories in code order; null until they are frozen.</summary>
    public IReadOnlyList<string>? Categories { get; init; }
    public Mark Mark { get; init; }

    public bool UsesWindow => AggregateForm.Of(Aggregate) is { TakesWindows: true };

    /// <summary>Sums in fixed point.</summary>
    public bool UsesMeasure => Aggregate is Aggregate.Sum or Aggregate.Mean || (Aggregate is Aggregate.Slope && !Source.IsNone);

    /// <summary>Made of other features and of no rows.</summary>
    public bool IsDerived => Aggregate is Aggregate.Ratio or Aggregate.Difference or Aggregate.Expression or Aggregate.Rank or Aggregate.Quantile;

    /// <summary>Needs the values of the whole population at the instant.</summary>
    public bool UsesPopulation => Aggregate is Aggregate.Rank or Aggregate.Quantile || Adjustment.UsesPopulation;

    /// <summary>The `value:` of the plan.</summary>
    public string Value
    {
        get
        {
            if (AggregateForm.Of(Aggregate) is not { } form)
                return Source.ToString();
            string[] arguments = form.Argument switch
            {
                ArgumentForm.None => [],
                ArgumentForm.Condition => [Also!.Canonical],
                ArgumentForm.Period => [.. Source.IsNone ? Array.Empty<string>() : [Source.ToString()], Duration.Write(Period)],
                ArgumentForm.Duration => [Duration.Write(Period)],
                ArgumentForm.Transition => [Source.ToString(), .. Levels.Select(WhereClause.Quote)],
                ArgumentForm.Level => [$"{Source} = {WhereClause.Quote(Levels[0])}"],
                _ => [Source.ToString()],
            };
            return arguments.Length == 0 ? form.Name : $"{form.Name}({string.Join(", ", arguments)})";
        }
    }
}

/// <summary>What is done to a feature's number before anything else sees it: outliers, then limits, then the missing.</summary>
internal sealed record Adjustment
{
    public static readonly Adjustment None = new();

    public OutlierPolicy Outliers { get; init; }

    /// <summary>Shares of the population at t below and above which a value is an outlier.</summary>
    public (double Low, double High) Shares { get; init; }

    /// <summary>Least and greatest value let through.</summary>
    public (double Low, double High) Clip { get; init; } = (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Stands for a missing value; null leaves it missing.</summary>
    public double? Impute { get; init; }

    public bool UsesPopulation => Outliers is OutlierPolicy.Winsorise or OutlierPolicy.Flag;

    /// <summary>The keys of the plan that say it.</summary>
    public IEnumerable<string> Parts()
    {
        if (Outliers == OutlierPolicy.Log)
            yield return "outliers: \"log\"";
        else if (Outliers != OutlierPolicy.Keep)
            yield return $"outliers: \"{Outliers.ToString().ToLowerInvariant()}({Text(Shares.Low)}, {Text(Shares.High)})\"";
        if (!double.IsInfinity(Clip.Low))
            yield return $"clip: [{Text(Clip.Low)}, {Text(Clip.High)}]";
        if (Impute is { } value)
            yield return $"impute: {Text(value)}";
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>What becomes of outliers.</summary>
internal enum OutlierPolicy
{
    Keep,
    /// <summary>sign(x) log(1 + |x|).</summary>
    Log,
    /// <summary>Values beyond two shares of the population become the value at that share.</summary>
    Winsorise,
    /// <summary>1 for values beyond, 0 for the others.</summary>
    Flag,
}
