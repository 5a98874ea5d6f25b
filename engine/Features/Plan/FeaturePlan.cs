using System.Security.Cryptography;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>What is computed of each customer at an instant, and what counts as churn: the same in training and in scoring.</summary>
/// <remarks>Immutable. Source: design.md section 4.</remarks>
public sealed class FeaturePlan
{
    private readonly TableLayout[] _layouts;

    internal FeaturePlan(PlanParts parts)
    {
        Parts = parts;
        _layouts = [.. parts.Tables.Select(table => new TableLayout(table, parts))];
        Features = [.. parts.Features.Select(Describe)];
        CanonicalText = PlanWriter.CanonicalText(parts);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalText)));
    }

    /// <summary>Name of the customer's key.</summary>
    public string Entity => Parts.Entity;

    /// <summary>The tables in plan order.</summary>
    public IReadOnlyList<PlanTable> Tables => Parts.Tables;

    /// <summary>[F] the features in matrix order; categorical ones carry their categories once those are frozen.</summary>
    public IReadOnlyList<FeatureInfo> Features { get; }

    /// <summary>What counts as churn, or null: such a plan can score and not train.</summary>
    public LabelRule? Label => Parts.Label;

    /// <summary>Instant up to which the data is complete, microseconds since 1970 UTC; null: the latest instant at which a row became known.</summary>
    public long? ExtractAt => Parts.ExtractAt;

    /// <summary>What the user should know about the plan, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => Parts.Warnings;

    /// <summary>The compiled plan as text, without paths, frozen categories and extract_at; layout and comments of the YAML do not matter.</summary>
    public string CanonicalText { get; }

    /// <summary>SHA-256 of <see cref="CanonicalText"/>, 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>True when no table has instants: a plain table, one row a customer.</summary>
    public bool IsTimeless => Parts.Tables.All(t => t.IsStatic);

    /// <summary>True when every categorical feature has its categories.</summary>
    public bool IsFrozen => Parts.Features.All(f => f.Aggregate != Aggregate.Category || f.Categories is not null);

    /// <summary>True when a feature compares a customer with the whole population: its features alone take a <see cref="PopulationReference"/>.</summary>
    public bool NeedsPopulation => Parts.Features.Any(f => f.UsesPopulation);

    /// <summary>The longest window of a feature, microseconds; 0 without windows.</summary>
    public long LongestWindowMicros => Parts.Features.Select(f => f.Window).DefaultIfEmpty().Max();

    /// <summary>What one row of each table takes in memory and on disk, in plan order.</summary>
    public IReadOnlyList<RowSize> RowSizes => [.. _layouts.Select(RowSize.Of)];

    internal PlanParts Parts { get; }

    /// <summary>One compiled layout a table, in plan order.</summary>
    internal IReadOnlyList<TableLayout> Layouts => _layouts;

    internal FeatureDefinition[] Definitions => Parts.Features;

    /// <summary>Compiles a plan from YAML text; top-level keys of other stages are ignored.</summary>
    /// <param name="yaml">The text of a churn.yaml, or what <see cref="ToYaml"/> gave.</param>
    /// <param name="name">File name for errors; relative sources are taken from its folder.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> with file and line.</remarks>
    public static FeaturePlan Parse(string yaml, string name) => PlanReader.Read(YamlSource.Load(yaml, name), name);

    /// <summary>The plan as canonical YAML: windows written out, categories frozen, no paths. Parsing it gives the same hash and categories.</summary>
    public string ToYaml() => PlanWriter.Yaml(Parts);

    /// <summary>The same plan with the table of that name read from <paramref name="source"/>.</summary>
    /// <remarks>Errors: <see cref="KeyNotFoundException"/> when the plan has no such table.</remarks>
    public FeaturePlan WithSource(string table, TableSource source)
    {
        int index = Array.FindIndex(Parts.Tables, t => t.Name == table);
        if (index < 0)
            throw new KeyNotFoundException($"the plan has no table '{table}'");
        PlanTable[] tables = [.. Parts.Tables];
        tables[index] = tables[index] with { Source = source };
        return new FeaturePlan(Parts with { Tables = tables });
    }

    /// <summary>The same plan with columns behind its features: another plan, by another hash, which computes the same features.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> when a table has no such column, once data is read.</remarks>
    public FeaturePlan WithColumns(IReadOnlyList<GroupColumn> columns) => new(Parts with
    {
        Features =
        [
            .. Parts.Features,
            .. columns.Select(column => new FeatureDefinition { Name = column.Name, Aggregate = column.IsText ? Aggregate.Category : Aggregate.Latest, Table = column.Table, Source = new ColumnRef(column.Column, "") }),
        ],
    });

    /// <summary>This plan, with its sources, under the categories that the model's plan froze.</summary>
    /// <param name="model">The plan inside the model file.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3008 when the two plans differ in their hash.</remarks>
    public FeaturePlan WithCategoriesOf(FeaturePlan model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Hash != Hash)
            throw FeaturesErrors.PlanMismatch(model.Hash, Hash);
        return WithCategories([.. model.Definitions.Select(d => d.Categories)]);
    }

    /// <summary>The same plan with each feature's categories replaced; null leaves a feature as it is.</summary>
    internal FeaturePlan WithCategories(IReadOnlyList<IReadOnlyList<string>?> categories) =>
        new(Parts with { Features = [.. Parts.Features.Select((f, i) => categories[i] is null ? f : f with { Categories = categories[i] })] });

    private static FeatureInfo Describe(FeatureDefinition feature) => new()
    {
        Name = feature.Name,
        Kind = feature.Aggregate == Aggregate.Category ? FeatureKind.Categorical : FeatureKind.Numeric,
        Unit = feature.Unit,
        Family = feature.Family,
        Categories = feature.Categories ?? [],
    };
}

/// <summary>What a plan is made of, before it is compiled.</summary>
internal sealed record PlanParts
{
    public required string Entity { get; init; }
    public required PlanTable[] Tables { get; init; }
    public required FeatureDefinition[] Features { get; init; }
    public LabelRule? Label { get; init; }
    public long? ExtractAt { get; init; }

    /// <summary>For hours, weekdays and calendar days.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
