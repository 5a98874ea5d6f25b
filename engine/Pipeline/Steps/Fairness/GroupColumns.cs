using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>What groups of customers are compared by: features of the model, or columns of its tables that it does not read.</summary>
internal sealed class GroupColumns
{
    private const int MostNumbers = 12;
    private readonly int _features;
    private readonly (string Name, int Feature, bool IsFlag)[] _sources;
    private readonly GroupColumn[] _added;

    private GroupColumns(int features, (string, int, bool)[] sources, GroupColumn[] added) => (_features, _sources, _added) = (features, sources, added);

    /// <summary>Finds each name among the features, else among the tables: those of what customers are before those of what they do.</summary>
    /// <param name="plan">The model's, with its sources.</param>
    /// <param name="names">As the user wrote them.</param>
    /// <param name="session">Describes the tables.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1195 for a name that nothing has, CE1199 for a column of dates.</remarks>
    public static GroupColumns Find(FeaturePlan plan, IReadOnlyList<string> names, IngestSession session)
    {
        string[] features = [.. plan.Features.Select(feature => feature.Name)];
        (PlanTable Table, Field Field)[] columns = names.All(features.Contains) ? [] :
        [
            .. plan.Tables.Where(table => table.Source is not null).OrderBy(table => table.IsStatic ? 0 : table.ValidFrom is not null ? 1 : 2)
                .SelectMany(table => session.Describe(table.Source!).Select(field => (table, field))),
        ];
        List<(string, int, bool)> sources = [];
        List<GroupColumn> added = [];
        foreach (string name in names)
        {
            int feature = Array.IndexOf(features, name);
            if (feature >= 0)
            {
                sources.Add((name, feature, false));
                continue;
            }
            (PlanTable Table, Field Field) found = columns.FirstOrDefault(column => column.Field.Name == name || $"{column.Table.Name}.{column.Field.Name}" == name);
            if (found.Table is null)
                throw ExplainingErrors.NoGroupColumn(name, features.Concat(columns.Select(column => column.Field.Name)).Distinct());
            ColumnType type = found.Field.Type;
            bool isText = type is ColumnType.Utf8 or ColumnType.Dictionary;
            if (!isText && !type.IsNumeric() && type != ColumnType.Boolean)
                throw ExplainingErrors.NotAGroupColumn(name, type.ToString());
            sources.Add((name, features.Length + added.Count, type == ColumnType.Boolean));
            added.Add(new GroupColumn($"group {name}", found.Table.Name, found.Field.Name, isText));
        }
        return new GroupColumns(features.Length, [.. sources], [.. added]);
    }

    /// <summary>The plan that computes the features, and behind them the columns.</summary>
    public FeaturePlan Extend(FeaturePlan plan) => _added.Length == 0 ? plan : plan.WithColumns(_added);

    /// <summary>[N, F] the features alone, as the model reads them; the caller disposes it.</summary>
    public FeatureMatrix Narrow(FeatureMatrix matrix, IReadOnlyList<FeatureInfo> features)
    {
        if (matrix.FeatureCount == _features)
            return matrix.View(0, matrix.RowCount);
        FeatureMatrix narrow = FeatureMatrix.Allocate(features, matrix.RowCount);
        for (long row = 0; row < matrix.RowCount; row++)
            matrix.Row(row)[.._features].CopyTo(narrow.Row(row));
        return narrow;
    }

    /// <summary>The groups of all rows, one for each name.</summary>
    public IReadOnlyList<GroupedRows> Assign(FeatureMatrix matrix) => [.. _sources.Select(source =>
    {
        float[] values = new float[checked((int)matrix.RowCount)];
        for (int row = 0; row < values.Length; row++)
            values[row] = matrix.Row(row)[source.Feature];
        return Of(matrix.Features[source.Feature], values, source.IsFlag) with { Column = source.Name };
    })];

    /// <summary>Groups by one feature: its categories, its few values, or its quarters.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="values">[N] as the model reads them.</param>
    /// <param name="isFlag">Whether a number is a truth.</param>
    public static GroupedRows Of(FeatureInfo feature, float[] values, bool isFlag = false) =>
        feature.Kind == FeatureKind.Categorical ? Categories(feature, values) : Numbers(feature.Name, values, isFlag);

    // Few values are groups each; of many each quarter is one.
    private static GroupedRows Numbers(string name, float[] values, bool isFlag)
    {
        float[] distinct = [.. values.Where(float.IsFinite).Distinct().Order().Take(MostNumbers + 1)];
        if (distinct.Length <= MostNumbers)
            return new GroupedRows(name, [.. distinct.Select(value => isFlag ? value == 0 ? "false" : "true" : ValueQuarters.Text(value))], Array.ConvertAll(values, value => Array.IndexOf(distinct, value)));
        return Quarters(name, values);
    }

    /// <summary>Groups by the categories of a feature.</summary>
    /// <param name="feature">A categorical one.</param>
    /// <param name="codes">[N] codes; NaN and what is no code have no group.</param>
    public static GroupedRows Categories(FeatureInfo feature, float[] codes) =>
        new(feature.Name, feature.Categories, Array.ConvertAll(codes, code => code >= 0 && code < feature.Categories.Count ? (int)code : -1));

    /// <summary>Groups by the quarters of a number.</summary>
    /// <param name="name">Name of the number.</param>
    /// <param name="values">[N]; what is not finite has no group.</param>
    public static GroupedRows Quarters(string name, float[] values)
    {
        var quarters = new ValueQuarters(values);
        return new GroupedRows(name, quarters.Names, Array.ConvertAll(values, quarters.IndexOf));
    }
}
