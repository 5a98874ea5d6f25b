namespace ChurnEngine.Scoring;

/// <summary>Which rows and columns are written of what is scored.</summary>
public record ScoredColumns
{
    /// <summary>Reasons a customer, 0 and up. SHAP values cost more than the score, so only customers from <see cref="ReasonsFrom"/> on get them.</summary>
    public int Reasons { get; init; }

    /// <summary>Probability, 0..1, from which a customer gets reasons; null: the model's own threshold.</summary>
    public double? ReasonsFrom { get; init; }

    /// <summary>How reasons are worded and grouped, of the model's features; null: by the features' own names.</summary>
    public Explain.ReasonBook? ReasonBook { get; init; }

    /// <summary>Columns that each reason gets, none twice.</summary>
    public IReadOnlyList<ReasonPart> ReasonParts { get; init; } = [ReasonPart.Sentence];

    /// <summary>Features copied beside the scores, by name.</summary>
    public IReadOnlyList<string> PassThrough { get; init; } = [];

    /// <summary>Condition that a row meets to be written, over the features, <c>probability</c> and <c>margin</c> (of a regression <c>value</c>), such as
    /// <c>probability >= 0.5 and tenure > 3</c> (<see cref="Features.RowFilter"/>); null writes all rows.</summary>
    public string? Where { get; init; }

    /// <summary>Levels of risk for a column <c>risk</c>; null for none.</summary>
    public RiskBands? Risk { get; init; }

    /// <summary>True for a column <c>flagged</c>: 1 from the model's threshold on, that of the customer's segment where it has one, else 0.</summary>
    public bool Flag { get; init; }

    /// <summary>What the job's identity says of the words of reasons: nothing for those of the plan.</summary>
    internal string ReasonWords => ReasonBook?.Identity is not { Length: > 0 } rules ? ""
        : $" worded by {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(rules)))[..12]}";

    /// <summary>Name of that column.</summary>
    public const string FlagColumn = "flagged";
}

/// <summary>What a scoring job writes, and where.</summary>
public sealed record ScoringOptions : ScoredColumns
{
    /// <summary>Folder for the parts, the manifest and <c>_SUCCESS</c>.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Form of the parts.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>Where the rows go when <see cref="Format"/> is a database.</summary>
    public DatabaseTarget? Database { get; init; }

    /// <summary>Replace an output folder that holds another job's result.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The share of the partitions that this process does; its siblings write into the same folder, and <see cref="ScoringJob.Finish"/> completes it.</summary>
    public Slice Slice { get; init; } = Slice.Whole;

    /// <summary>The files that the scores come from; part of the job's identity.</summary>
    public IReadOnlyList<InputFile> Inputs { get; init; } = [];

    /// <summary>Version of the engine; part of the job's identity.</summary>
    public string EngineVersion { get; init; } = "";
}

/// <summary>One input file as it was when the job ran.</summary>
/// <param name="Path">As resolved.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Of the content, lower-case hexadecimal.</param>
public sealed record InputFile(string Path, long Bytes, string Sha256);
