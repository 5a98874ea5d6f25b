namespace ChurnEngine.Columns;

/// <summary>Turns columns of a feature matrix back into table columns.</summary>
public static class FeatureColumns
{
    /// <summary>Copies one feature: numbers as float32, categories as their text; NaN becomes null.</summary>
    /// <param name="matrix">[N, F] features.</param>
    /// <param name="feature">0 .. F - 1.</param>
    /// <returns>[N] column; the caller disposes it.</returns>
    public static Column CopyFeature(this FeatureMatrix matrix, int feature)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        FeatureInfo info = matrix.Features[feature];
        if (info.Kind == FeatureKind.Categorical)
        {
            using var text = new Utf8Builder();
            for (long row = 0; row < matrix.RowCount; row++)
                text.Append(matrix.Row(row)[feature] is var code && float.IsNaN(code) ? null : info.Categories[(int)code]);
            return text.Build();
        }
        using var number = new PrimitiveBuilder<float>(ColumnType.Float32);
        for (long row = 0; row < matrix.RowCount; row++)
        {
            float value = matrix.Row(row)[feature];
            if (float.IsNaN(value))
                number.AppendNull();
            else
                number.Append(value);
        }
        return number.Build();
    }
}
