using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Turns batches of rows into features, each row for itself and in its order. Thread-safe.</summary>
public interface IRowFeatures
{
    /// <summary>Name of the key's column.</summary>
    string KeyName { get; }

    /// <summary>The F features, in the order of the matrix.</summary>
    IReadOnlyList<FeatureInfo> Features { get; }

    /// <summary>Columns that a batch must have beside the key.</summary>
    IEnumerable<string> Columns { get; }

    /// <summary>Computes the features of a batch.</summary>
    /// <param name="rows">[N] rows with those columns, in any order, beside others; stays the caller's.</param>
    /// <returns>[N, F] features in the order of the rows; the caller disposes it.</returns>
    FeatureMatrix Compute(RecordBatch rows);
}

/// <summary>Features that came computed: as columns of their names, categories as text. Thread-safe.</summary>
/// <param name="plan">The model's plan, categories frozen.</param>
public sealed class NamedFeatures(FeaturePlan plan) : IRowFeatures
{
    private readonly CategoryLookup?[] _categories = CategoryLookup.Of(plan);

    /// <inheritdoc/>
    public string KeyName => plan.Entity;

    /// <inheritdoc/>
    public IReadOnlyList<FeatureInfo> Features => plan.Features;

    /// <inheritdoc/>
    public IEnumerable<string> Columns => plan.Features.Select(feature => feature.Name);

    /// <inheritdoc/>
    /// <remarks>Null and NaN are missing, as is a text that training did not see. Errors: <see cref="KeyNotFoundException"/> for a column that is not there;
    /// <see cref="ChurnDataException"/> for text where a number belongs and the other way round, and for an infinite number.</remarks>
    public FeatureMatrix Compute(RecordBatch rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        FeatureMatrix matrix = FeatureMatrix.Allocate(plan.Features, rows.Length);
        try
        {
            double[] numbers = new double[rows.Length];
            for (int feature = 0; feature < plan.Features.Count; feature++)
            {
                string name = plan.Features[feature].Name;
                if (_categories[feature] is { } categories)
                    CopyTexts(rows[name], categories, matrix, (feature, name));
                else
                    CopyNumbers(rows[name], numbers, matrix, (feature, name));
            }
            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    private static void CopyNumbers(Column column, double[] numbers, FeatureMatrix matrix, (int Index, string Name) feature)
    {
        if (!column.Type.IsNumeric() && column.Type != ColumnType.Boolean)
            throw FeaturesErrors.WrongType("features", feature.Name, ColumnType.Float32, column.Type);
        _ = NumberCells.Read(column, numbers);
        for (int row = 0; row < numbers.Length; row++)
        {
            float value = (float)numbers[row];
            matrix.Row(row)[feature.Index] = !float.IsInfinity(value) ? value : throw FeaturesErrors.InfiniteFeature(feature.Name, row);
        }
    }

    private static void CopyTexts(Column column, CategoryLookup categories, FeatureMatrix matrix, (int Index, string Name) feature)
    {
        if (!column.Type.IsText())
            throw FeaturesErrors.WrongType("features", feature.Name, ColumnType.Utf8, column.Type);
        for (int row = 0; row < column.Length; row++)
            matrix.Row(row)[feature.Index] = column.IsNull(row) ? float.NaN : categories.Of(column is DictionaryColumn coded ? coded.Dictionary.GetBytes(coded.Codes[row]) : ((Utf8Column)column).GetBytes(row));
    }
}
