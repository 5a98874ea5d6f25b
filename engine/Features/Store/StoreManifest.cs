using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One feature as a store holds it.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Kind">Numbers are stored as float32, categories as their text; missing is null.</param>
/// <param name="Unit">Unit of the values; empty when unknown.</param>
public sealed record StoredFeature(string Name, FeatureKind Kind, string Unit);

/// <summary>What every date of a feature store has in common: the plan that computed it, and the columns.</summary>
public sealed record StoreManifest
{
    /// <summary>Name of the file in the store's folder; readers of data pass over names that begin so.</summary>
    public const string FileName = "_store.json";

    private const int CurrentFormat = 1;

    /// <summary>Layout of the folder; another number is another layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Hash of the plan, 64 hexadecimal digits.</summary>
    public required string PlanHash { get; init; }

    /// <summary>Name of the column with the customer's key.</summary>
    public required string Entity { get; init; }

    /// <summary>Type of the keys: Int64 or Utf8.</summary>
    public required ColumnType KeyType { get; init; }

    /// <summary>[F] the features in plan order.</summary>
    public required IReadOnlyList<StoredFeature> Features { get; init; }

    /// <summary>The manifest of what a plan computes.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3069 when two columns differ in case alone.</remarks>
    internal static StoreManifest Of(FeaturePlan plan, ColumnType keyType)
    {
        string[] names = [plan.Entity, .. plan.Features.Select(feature => feature.Name)];
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } clash)
            throw StoreErrors.NameClash(clash.First(), clash.Last());
        return new StoreManifest
        {
            PlanHash = plan.Hash,
            Entity = plan.Entity,
            KeyType = keyType,
            Features = [.. plan.Features.Select(feature => new StoredFeature(feature.Name, feature.Kind, feature.Unit))],
        };
    }

    /// <summary>Columns of a date's file: the key, then the features.</summary>
    internal Schema Schema => new([new Field(Entity, KeyType, Nullable: false), .. Features.Select(feature => new Field(feature.Name, TypeOf(feature)))]);

    internal static ColumnType TypeOf(StoredFeature feature) => feature.Kind == FeatureKind.Categorical ? ColumnType.Utf8 : ColumnType.Float32;

    internal string ToJson() => ManifestJson.Write(this);

    /// <summary>Reads the manifest of a folder; null when there is none.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3065 when it cannot be read.</remarks>
    internal static StoreManifest? TryRead(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            StoreManifest manifest = JsonSerializer.Deserialize<StoreManifest>(File.ReadAllText(path), ManifestJson.Options) ?? throw StoreErrors.BrokenManifest(path, "it is empty");
            return manifest.Format == CurrentFormat && manifest.PlanHash.Length == 64 ? manifest : throw StoreErrors.BrokenManifest(path, $"format {manifest.Format} is not known to this release");
        }
        catch (JsonException broken)
        {
            throw StoreErrors.BrokenManifest(path, broken.Message.TrimEnd('.'));
        }
    }
}
