namespace ChurnEngine.Cli.Doctor;

/// <summary>What a verb can need.</summary>
[Flags]
internal enum Need
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A processor, an operating system and a least memory that the engine runs on.</summary>
    Machine = 1,
    /// <summary>DuckDB's native library: every table file is read and written through it.</summary>
    DuckDb = 2,
    /// <summary>ONNX Runtime's native library: models are proved and run by it.</summary>
    OnnxRuntime = 4,
    /// <summary>A temporary folder: what does not fit into memory is spilled there, and text with mixed line ends is copied there.</summary>
    TemporaryFolder = 8,
    /// <summary>Folders to write that the command line named.</summary>
    OutputFolder = 16,
    /// <summary>The project's files of data.</summary>
    Sources = 32,
    /// <summary>Memory for those, grouped by customer.</summary>
    MemoryForSources = 64,
    /// <summary>The folder for refused rows.</summary>
    Quarantine = 128,
    /// <summary>Where the project's model is written.</summary>
    ModelOutput = 256,
    /// <summary>Where the project's scores are written.</summary>
    ScoresOutput = 512,
    /// <summary>Where the project's action plan is written.</summary>
    PlanOutput = 1024,
    /// <summary>A model that proves itself.</summary>
    Model = 2048,
}

/// <summary>Which verb needs what. A verb that is not here has no place in <c>churn doctor</c>; a test holds the two together.</summary>
internal static class VerbNeeds
{
    private const Need Tables = Need.Machine | Need.DuckDb | Need.TemporaryFolder | Need.Sources | Need.Quarantine;
    private const Need Loaded = Tables | Need.MemoryForSources;

    private static readonly Dictionary<string, Need> s_needs = new(StringComparer.Ordinal)
    {
        ["generate"] = Need.Machine | Need.DuckDb | Need.OutputFolder,
        ["validate"] = Tables,
        ["features"] = Loaded | Need.OutputFolder,
        ["train"] = Loaded | Need.OnnxRuntime | Need.OutputFolder | Need.ModelOutput,
        ["evaluate"] = Loaded | Need.OnnxRuntime | Need.Model | Need.OutputFolder,
        ["explain"] = Need.Machine,
        ["score"] = Loaded | Need.OnnxRuntime | Need.Model | Need.OutputFolder | Need.ScoresOutput,
        ["decide"] = Need.Machine | Need.DuckDb | Need.OutputFolder | Need.PlanOutput,
        ["monitor"] = Loaded | Need.OnnxRuntime | Need.Model | Need.OutputFolder,
        ["run"] = Loaded | Need.OnnxRuntime | Need.OutputFolder | Need.ModelOutput | Need.ScoresOutput | Need.PlanOutput,
        ["serve"] = Need.Machine | Need.OnnxRuntime | Need.DuckDb | Need.Model | Need.OutputFolder,
        ["models"] = Need.Machine | Need.OnnxRuntime,
        ["runs"] = Need.Machine,
        ["audit"] = Loaded,
        ["demo"] = Need.Machine | Need.DuckDb | Need.OnnxRuntime | Need.TemporaryFolder | Need.OutputFolder,
    };

    /// <summary>The verbs that need something, in the order of the flow.</summary>
    public static IReadOnlyList<string> Verbs { get; } = [.. s_needs.Keys];

    /// <summary>What a verb needs.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE1002 for a word that is no verb.</remarks>
    public static Need Of(string verb) => s_needs.TryGetValue(verb, out Need need) ? need : throw CliErrors.UnknownVerb(verb, Verbs);
}
