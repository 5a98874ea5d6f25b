using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Rows of a model from features by name. Immutable, thread-safe.</summary>
internal sealed class NamedRows
{
    private readonly FeaturePlan _plan;
    private readonly string _version;
    private readonly Dictionary<string, int> _index;
    private readonly CategoryLookup?[] _categories;
    private readonly RowFeaturizer? _featurizer;

    /// <param name="plan">The model's, with its categories.</param>
    /// <param name="version">The model's, for errors.</param>
    public NamedRows(FeaturePlan plan, string version)
    {
        (_plan, _version) = (plan, version);
        _index = plan.Features.Select((feature, index) => (feature.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
        _categories = CategoryLookup.Of(plan);
        // The features of a plain table are its columns, and a job reads them by the plan too.
        _featurizer = plan.IsTimeless ? new RowFeaturizer(plan) : null;
    }

    /// <summary>Reads an object with every feature: null is missing, a category is its text.</summary>
    /// <returns>[F] values in plan order, and the texts of categories that the model does not know; null for none.</returns>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE1204, CE1207, CE1208.</remarks>
    public (float[] Row, IReadOnlyList<UnknownText>? Unknown) Read(JsonElement features)
    {
        if (features.ValueKind != JsonValueKind.Object)
            throw ServingErrors.BadValue("features", "an object with values by name", JsonCells.Show(features));
        var values = new JsonElement[_index.Count];
        foreach (JsonProperty property in features.EnumerateObject())
        {
            if (_index.TryGetValue(property.Name, out int index))
                values[index] = property.Value;
            // A plain table's own key and label may come along.
            else if (_featurizer is null || (property.Name != _plan.Entity && property.Name != _plan.Label?.Column))
                throw ServingErrors.UnknownFeature(_version, property.Name, _index.Keys);
        }
        if (Array.FindIndex(values, value => value.ValueKind == JsonValueKind.Undefined) is >= 0 and int absent)
            throw ServingErrors.MissingFeature(_version, _plan.Features[absent].Name);
        float[] row = _featurizer is null ? Direct(values) : Featurized(values, _featurizer);
        return (row, Unknown(row, i => values[i].IsNothing() ? null : JsonCells.Text(values[i], _plan.Features[i].Name)));
    }

    /// <summary>The same from the online store.</summary>
    public (float[] Row, IReadOnlyList<UnknownText>? Unknown) Read(StoredValue[] values)
    {
        float[] row = new float[values.Length];
        for (int i = 0; i < row.Length; i++)
            row[i] = _categories[i] is { } codes ? values[i].Text is { } text ? codes.Of(text) : float.NaN : values[i].Number;
        return (row, Unknown(row, i => values[i].Text));
    }

    /// <summary>Categories that are missing although there is a text.</summary>
    /// <param name="row">[F] values.</param>
    /// <param name="textOf">The text that a feature's value was read from.</param>
    /// <returns>Null for none.</returns>
    public List<UnknownText>? Unknown(ReadOnlySpan<float> row, Func<int, string?> textOf)
    {
        List<UnknownText>? unknown = null;
        for (int i = 0; i < row.Length; i++)
        {
            if (_categories[i] is not null && float.IsNaN(row[i]) && textOf(i) is { } text && !string.IsNullOrWhiteSpace(text))
                (unknown ??= []).Add(new UnknownText(i, text));
        }
        return unknown;
    }

    private float[] Direct(JsonElement[] values)
    {
        float[] row = new float[values.Length];
        for (int i = 0; i < row.Length; i++)
        {
            string name = _plan.Features[i].Name;
            row[i] = values[i].IsNothing() ? float.NaN : _categories[i] is { } codes ? codes.Of(JsonCells.Text(values[i], name)) : Narrow(JsonCells.Number(values[i], name), name);
        }
        return row;
    }

    // What no float holds was no feature's value in training.
    private static float Narrow(double value, string name) => float.IsFinite((float)value) ? (float)value : throw ServingErrors.BadValue(name, "a number that a float32 holds", value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));

    // A column of text where the value is text, as a table would have it: the featurizer reads numbers out of either.
    private float[] Featurized(JsonElement[] values, RowFeaturizer featurizer)
    {
        var fields = new Field[values.Length];
        var columns = new Column[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            string name = _plan.Features[i].Name;
            bool isText = _categories[i] is not null || values[i].ValueKind == JsonValueKind.String;
            columns[i] = isText ? TextOf(values[i], name) : NumberOf(values[i], name);
            fields[i] = new Field(name, columns[i].Type);
        }
        using var batch = new RecordBatch(new Schema(fields), columns, 1);
        using FeatureMatrix matrix = featurizer.Compute(batch);
        return matrix.Row(0).ToArray();
    }

    private static Utf8Column TextOf(JsonElement value, string name)
    {
        using var builder = new Utf8Builder();
        builder.Append(value.IsNothing() ? null : JsonCells.Text(value, name));
        return builder.Build();
    }

    private static PrimitiveColumn<double> NumberOf(JsonElement value, string name)
    {
        using var builder = new PrimitiveBuilder<double>(ColumnType.Float64);
        if (value.IsNothing())
            builder.AppendNull();
        else
            builder.Append(Narrow(JsonCells.Number(value, name), name));
        return builder.Build();
    }
}
