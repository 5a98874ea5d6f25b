using System.Text.Unicode;
using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Features;
using ChurnEngine.Scoring;
using ChurnEngine.Telemetry;
using ChurnEngine.Trainer;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Pipeline;

/// <summary>A project as its churn.yaml describes it: the plan, and how to train, score and decide. A command-line flag overrides a setting.</summary>
public sealed record ProjectConfig
{
    private static readonly string[] s_sections = ["ingest", "train", "score", "decisions", "metrics", "report", "monitor", "alerts", "reasons", "actionable", "fairness", "serve", "run", .. RegistrySettings.Sections];

    /// <summary>Absolute path of the file.</summary>
    public required string File { get; init; }

    /// <summary>The compiled plan.</summary>
    public required FeaturePlan Plan { get; init; }

    /// <summary>Section <c>ingest</c>.</summary>
    public required IngestSettings Ingest { get; init; }

    /// <summary>Section <c>train</c>.</summary>
    public required TrainSettings Train { get; init; }

    /// <summary>Section <c>score</c>.</summary>
    public required ScoreSettings Score { get; init; }

    /// <summary>Section <c>decisions</c>.</summary>
    public required DecisionSettings Decisions { get; init; }

    /// <summary>Section <c>metrics</c>: where a job's metrics go; the file is absolute.</summary>
    public required MetricTargets Metrics { get; init; }

    /// <summary>Sections <c>registry</c>, <c>gates</c> and <c>runs</c>; folders are absolute.</summary>
    public required RegistrySettings Registry { get; init; }

    /// <summary>Section <c>report</c>.</summary>
    public ReportSettings Report { get; init; } = ReportSettings.Default;

    /// <summary>Section <c>monitor</c>.</summary>
    public MonitorSettings Monitor { get; init; } = MonitorSettings.Default;

    /// <summary>Section <c>alerts</c>.</summary>
    public AlertSettings Alerts { get; init; } = AlertSettings.Default;

    /// <summary>Section <c>reasons</c>.</summary>
    public ReasonSettings Reasons { get; init; } = ReasonSettings.Default;

    /// <summary>Section <c>actionable</c>.</summary>
    public IReadOnlyList<ActionableRule> Actionable { get; init; } = [];

    /// <summary>Section <c>fairness</c>.</summary>
    public FairnessSettings Fairness { get; init; } = FairnessSettings.Default;

    /// <summary>Section <c>serve</c>; paths are absolute.</summary>
    public ServeSettings Serve { get; init; } = ServeSettings.Default;

    /// <summary>Section <c>run</c>.</summary>
    public CycleSettings Cycle { get; init; } = CycleSettings.Default;

    /// <summary>A path of the file's own, taken from its folder.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, Path.GetDirectoryName(File)!);

    /// <summary>Reads and checks a churn.yaml.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> with file and line.</remarks>
    public static ProjectConfig Load(string path)
    {
        PathKind kind = PathKinds.Of(path);
        if (kind == PathKind.Absent)
            throw PipelineErrors.NoConfigFile(path);
        if (kind is not (PathKind.File or PathKind.Forbidden))
            throw PipelineErrors.NotAConfigFile(path, kind);
        return Parse(ReadText(path), Path.GetFullPath(path));
    }

    // A byte that is no UTF-8 would become a mark that stands in no file, and the error would name a column that nobody wrote.
    private static string ReadText(string path)
    {
        try
        {
            byte[] bytes = System.IO.File.ReadAllBytes(path);
            if (bytes is not ([0xFE, 0xFF, ..] or [0xFF, 0xFE, ..]) && !Utf8.IsValid(bytes))
                throw PipelineErrors.ConfigNotUtf8(path, FirstBadLine(bytes));
            using var reader = new StreamReader(new MemoryStream(bytes));
            return reader.ReadToEnd();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw PipelineErrors.UnreadableConfig(path, cause);
        }
    }

    private static int FirstBadLine(byte[] bytes)
    {
        int line = 1;
        foreach (Range range in bytes.AsSpan().Split((byte)'\n'))
        {
            if (!Utf8.IsValid(bytes.AsSpan()[range]))
                break;
            line++;
        }
        return line;
    }

    /// <summary>Reads a project from text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">Absolute path that errors name and relative paths start from.</param>
    public static ProjectConfig Parse(string text, string file)
    {
        YamlMappingNode root = YamlSource.Load(text, file);
        var yaml = new YamlSource(file);
        yaml.OnlyKeys(root, "churn.yaml", [.. PlanReader.TopLevelKeys, .. s_sections]);
        DecisionSettings decisions = DecisionSettings.Read(new ConfigSection(yaml, root, "decisions"));
        var project = new ProjectConfig
        {
            File = file,
            Plan = PlanReader.Read(root, file),
            Reasons = ReasonSettings.Read(new ConfigSection(yaml, root, "reasons")),
            Actionable = ActionableSettings.Read(new ConfigSection(yaml, root, "actionable")),
            Fairness = FairnessSettings.Read(new ConfigSection(yaml, root, "fairness")),
            Ingest = IngestSettings.Read(new ConfigSection(yaml, root, "ingest")),
            Train = TrainSettings.Read(new ConfigSection(yaml, root, "train"), decisions.Options),
            Score = ScoreSettings.Read(new ConfigSection(yaml, root, "score")),
            Registry = RegistrySettings.Read(yaml, root, Path.GetDirectoryName(file)!),
            Decisions = decisions,
            Report = ReportSettings.Read(new ConfigSection(yaml, root, "report")),
            Monitor = MonitorSettings.Read(new ConfigSection(yaml, root, "monitor")),
            Alerts = AlertSettings.Read(new ConfigSection(yaml, root, "alerts"), Path.GetFileName(Path.GetDirectoryName(file)!)),
            Serve = ServeSettings.Read(new ConfigSection(yaml, root, "serve"), Path.GetDirectoryName(file)!),
            Cycle = CycleSettings.Read(new ConfigSection(yaml, root, "run"), new ConfigSection(yaml, root, "decisions").IsThere),
            Metrics = ReadMetrics(new ConfigSection(yaml, root, "metrics"), Path.GetDirectoryName(file)!),
        };
        ModelReasons.Check(project.Plan, project.Reasons);
        ActionableSettings.Check(project.Actionable, project.Plan.Features);
        return project;
    }

    private static MetricTargets ReadMetrics(ConfigSection section, string folder)
    {
        string? path = section.OptionalText("file");
        var targets = new MetricTargets(path is null ? null : Path.GetFullPath(path, folder), section.OptionalText("push_gateway"));
        section.Close();
        return targets;
    }
}

/// <summary>How tables are read.</summary>
/// <param name="BadShareLimit">Largest share of bad rows, 0..1, that a table may have.</param>
/// <param name="Quarantine">Folder for bad rows.</param>
public sealed record IngestSettings(double BadShareLimit, string Quarantine)
{
    /// <summary>Used when there is no churn.yaml.</summary>
    public static IngestSettings Default { get; } = new(0.01, "quarantine");

    internal static IngestSettings Read(ConfigSection section)
    {
        var settings = new IngestSettings(section.Share("bad_share_limit", Default.BadShareLimit), section.Text("quarantine", Default.Quarantine));
        section.Close();
        return settings;
    }
}

/// <summary>How a model is trained.</summary>
/// <param name="Booster">Options of the booster; <see cref="BoosterOptionTable"/> has their names.</param>
/// <param name="Snapshots">Most training snapshots; the latest are taken.</param>
/// <param name="Model">File the model is written to.</param>
public sealed record TrainSettings(BoosterOptions Booster, int Snapshots, string Model)
{
    /// <summary>Used when there is no churn.yaml.</summary>
    public static TrainSettings Default { get; } = new(new BoosterOptions(), 5, "model.onnx");

    /// <summary>What trains.</summary>
    public AlgorithmKind Algorithm { get; init; }

    /// <summary>Options of a forest, under the booster's names; those of <see cref="ForestOptions.Shared"/> count.</summary>
    public BoosterOptions Forest { get; init; } = ForestOptions.Defaults;

    /// <summary>Options of logistic regression.</summary>
    public LogisticRegressionOptions Logistic { get; init; } = new();

    /// <summary>False: labels count as they were known when the next use begins. True: a snapshot whose events might not all have come by then is left out.</summary>
    public bool DropLateLabels { get; init; }

    /// <summary>Which calibration; null chooses by out-of-fold log-loss.</summary>
    public CalibrationKind? Calibration { get; init; }

    /// <summary>How the threshold is chosen.</summary>
    public ThresholdSettings Threshold { get; init; } = ThresholdSettings.Default;

    /// <summary>How it is measured beside the test snapshot.</summary>
    public ValidationSettings Validation { get; init; } = new();

    /// <summary>A search for options.</summary>
    public TuneSettings Tune { get; init; } = new();

    /// <summary>A choice of features; null keeps all.</summary>
    public FeatureSelection? Select { get; init; }

    /// <summary>Features or columns that look like personal data and may be used all the same.</summary>
    public IReadOnlyList<string> AllowPersonal { get; init; } = [];

    /// <summary>What is done about a rare class; null: nothing beside the booster's options.</summary>
    public Imbalance? Imbalance { get; init; }

    internal static TrainSettings Read(ConfigSection section, DecisionOptions economics)
    {
        BoosterOptions b = section.Booster(Default.Booster);
        var settings = new TrainSettings(b, section.AtLeast("snapshots", 1, Default.Snapshots), section.Text("model", Default.Model))
        {
            DropLateLabels = section.OneOf("late_labels", "as_known", "drop") == "drop",
            Algorithm = AlgorithmNames.Find(section.OneOf("algorithm", [.. AlgorithmNames.All])),
            Forest = section.Booster(ForestOptions.Defaults),
            Logistic = ReadLogistic(section),
            Calibration = CalibrationNames.Find(section.OneOf("calibration", [.. CalibrationNames.All])),
            Threshold = ThresholdSettings.Read(section.Nested("threshold"), economics),
            Validation = ValidationSettings.Read(section.Nested("validation")),
            Tune = TuneSettings.Read(section.Nested("tune")),
            Select = SelectSettings.Read(section.Nested("select")),
            Imbalance = ImbalanceSettings.Read(section.Nested("imbalance")),
            AllowPersonal = section.List("allow_personal"),
        };
        // XGBoost's name for L1 and LightGBM's for the quantile: nobody who writes it for trees may think it counts.
        if (settings.Algorithm is not (AlgorithmKind.Logistic or AlgorithmKind.Stack))
            section.Refuse("alpha", "`algorithm: logistic` beside it; of trees reg_alpha is the L1 penalty and quantile_alpha the quantile");
        section.Close();
        settings.Booster.Validate();
        settings.Logistic.Validate();
        settings.Forest.Validate();
        return settings;
    }

    private static LogisticRegressionOptions ReadLogistic(ConfigSection section)
    {
        LogisticRegressionOptions o = Default.Logistic;
        return o with
        {
            Alpha = section.OptionalNumber("alpha"),
            L1Ratio = section.Number("l1_ratio", o.L1Ratio),
            Tolerance = section.Number("tolerance", o.Tolerance),
            MaxIterations = section.Int("max_iterations", o.MaxIterations),
            MinRowsPerCategory = section.Int("min_rows_per_category", o.MinRowsPerCategory),
        };
    }
}

/// <summary>How customers are scored.</summary>
/// <param name="AsOf">Instant, microseconds since 1970 UTC; null: the latest the data is complete for.</param>
/// <param name="Out">Folder for the scores.</param>
/// <param name="Reasons">Reasons a customer; null: <see cref="DefaultReasons"/> of a model of churn, none of a model of a value.</param>
/// <param name="ReasonsFrom">Probability from which a customer gets reasons; null: the model's threshold.</param>
/// <param name="Columns">Features copied beside the scores.</param>
public sealed record ScoreSettings(long? AsOf, string Out, int? Reasons, double? ReasonsFrom, IReadOnlyList<string> Columns)
{
    /// <summary>Form of the parts.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>SQLite: path of the file, from the project's folder. PostgreSQL: connection string. Null for files.</summary>
    public string? Database { get; init; }

    /// <summary>Name under which a database shows the scores.</summary>
    public string TableName { get; init; } = DatabaseTarget.DefaultTable;

    /// <summary>Condition that a row meets to be written; null for all.</summary>
    public string? Where { get; init; }

    /// <summary>Levels of the column <c>risk</c>; null for none.</summary>
    public RiskBands? Risk { get; init; }

    /// <summary>Used when there is no churn.yaml.</summary>
    public static ScoreSettings Default { get; } = new(null, "scores", null, null, []);

    /// <summary>Reasons a customer where nothing is said, of a model of churn.</summary>
    public const int DefaultReasons = 3;

    /// <summary>Where ONNX Runtime runs the model: <c>auto</c>, <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>True for the column <c>flagged</c>.</summary>
    public bool Flag { get; init; }

    internal static ScoreSettings Read(ConfigSection section)
    {
        var settings = new ScoreSettings(section.Instant("as_of"), section.Text("out", Default.Out), section.OptionalAtLeast("reasons", 0),
            section.OptionalShare("reasons_from"), section.List("columns"))
        {
            Format = OutputFormats.Find(section.OneOf("format", [.. OutputFormats.Names]))!.Value,
            Database = section.OptionalText("database"),
            TableName = section.Text("table_name", Default.TableName),
            Where = section.OptionalText("where"),
            Risk = section.Entries("risk") is { } levels ? new RiskBands(levels.Select(level => RiskBands.Level(level.Name, level.Value))) : null,
            Device = section.OneOf("device", "auto", "cpu", "cuda"),
            Flag = section.OneOf("flag", "false", "true") == "true",
        };
        section.Close();
        return settings;
    }
}
