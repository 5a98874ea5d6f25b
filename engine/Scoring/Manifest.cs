using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>One part of an output.</summary>
/// <param name="Partition">Partition of the customer base that it holds.</param>
/// <param name="Name">File name within the folder; of a database, the name of the part.</param>
/// <param name="Rows">Rows it holds.</param>
/// <param name="Sha256">Of the file, or of a database's rows in order; lower-case hexadecimal.</param>
public sealed record ManifestPart(int Partition, string Name, long Rows, string Sha256);

/// <summary>What a scoring output is: everything that determines its bytes, and the hash of each part. Holds no time, so a rerun writes the same.</summary>
public sealed record Manifest
{
    /// <summary>Hash over all that changes the output; a rerun with the same key does only what is missing.</summary>
    public required string JobKey { get; init; }

    /// <summary>Version of the engine.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Version of the model.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Hash of the plan that made the features.</summary>
    public required string PlanHash { get; init; }

    /// <summary>ISO 8601 instant of the features; null for a table without time.</summary>
    public string? AsOf { get; init; }

    /// <summary>Backend that computed the probabilities.</summary>
    public required string Backend { get; init; }

    /// <summary>Names of the columns of each part.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Reasons asked for a customer, and the probability from which on.</summary>
    public required string Reasons { get; init; }

    /// <summary>Condition that a row meets to be written; "all" where there is none.</summary>
    public string Where { get; init; } = "all";

    /// <summary>Levels of risk and the probability that each begins at; "none" without.</summary>
    public string Risk { get; init; } = "none";

    /// <summary>Format of the parts.</summary>
    public string Format { get; init; } = "parquet";

    /// <summary>Database and table that hold the parts, without a password; null when they are files. Not part of the key.</summary>
    public string? Database { get; init; }

    /// <summary>How the model's probabilities were calibrated; null of values. The model's version says it too, so it is not part of the key.</summary>
    public string? Calibration { get; init; }

    /// <summary>Files read.</summary>
    public required IReadOnlyList<InputFile> Inputs { get; init; }

    /// <summary>Partitions of the customer base, those without a part among them.</summary>
    public int Partitions { get; init; }

    /// <summary>Customers of the inputs: <see cref="Rows"/>, <see cref="LeftOut"/> and <see cref="NotAtRisk"/> together.</summary>
    public long Customers { get; init; }

    /// <summary>Customers without a row: gone already at that instant, or not there yet.</summary>
    public long NotAtRisk { get; init; }

    /// <summary>Customers that <see cref="Where"/> left out.</summary>
    public long LeftOut { get; init; }

    /// <summary>Rows of all parts.</summary>
    public long Rows { get; init; }

    /// <summary>How the predictions are distributed, those of customers left out among them; null without any.</summary>
    public ScoreSummary? Scores { get; init; }

    /// <summary>The parts in order; partitions without customers have none.</summary>
    public IReadOnlyList<ManifestPart> Parts { get; init; } = [];

    /// <summary>Name of the file within the output folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Reads the manifest of an output folder; null when there is none, or none that can be read.</summary>
    public static Manifest? TryRead(string directory) => TryRead(directory, FileName);

    internal static Manifest? TryRead(string directory, string fileName)
    {
        string path = Path.Combine(directory, fileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Manifest>(File.ReadAllText(path), ManifestJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What two jobs differ in, by the names of the properties.</summary>
    internal static string Difference(Manifest one, Manifest other)
    {
        using JsonDocument left = JsonDocument.Parse(one.Identity().ToJson()), right = JsonDocument.Parse(other.Identity().ToJson());
        IEnumerable<string> names = left.RootElement.EnumerateObject().Select(property => property.Name);
        return string.Join(", ", names.Where(name => left.RootElement.GetProperty(name).GetRawText() != right.RootElement.GetProperty(name).GetRawText()));
    }

    internal string ToJson() => ManifestJson.Write(this);

    /// <summary>The same manifest with its key computed from everything but the parts.</summary>
    internal Manifest WithKey() => this with { JobKey = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Identity().ToJson()))) };

    // Where a file lies does not change what is in it.
    private Manifest Identity() => this with { JobKey = "", Parts = [], Rows = 0, NotAtRisk = 0, LeftOut = 0, Scores = null, Database = null, Calibration = null, Inputs = [.. Inputs.Select(input => input with { Path = Path.GetFileName(input.Path) })] };
}
