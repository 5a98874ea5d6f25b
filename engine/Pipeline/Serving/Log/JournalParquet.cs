using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>Turns a journal into the Parquet file that monitoring reads.</summary>
/// <remarks>Columns: prediction_id, predicted_at, customer, as_of, model, version, arm, answered (1, or 0 of a shadow), probability and margin and decision (1: flagged), or value of a regression;
/// then the features by name, categories as text, those that the model does not know too (but of an Arrow body). A feature that is called like one of those is written as <c>feature NAME</c>.</remarks>
internal static class JournalParquet
{
    private const int BatchRows = 4096;

    /// <summary>Name of the Parquet file that a journal becomes.</summary>
    public static string NameOf(string journal) => Path.Combine(Path.GetDirectoryName(journal)!, Path.GetFileName(journal)[1..^Journal.Suffix.Length] + ".parquet");

    /// <summary>Writes the Parquet file and deletes the journal; done twice, it comes to the same.</summary>
    /// <param name="journal">A file that nobody writes to.</param>
    /// <param name="open">Opens Parquet files.</param>
    /// <returns>Rows written.</returns>
    public static long Convert(string journal, OpenBatchSink open)
    {
        long rows = 0;
        using (var reader = JournalReader.TryOpen(journal))
        {
            Schema? schema = reader is null ? null : SchemaOf(reader.Header);
            IBatchSink? sink = null;
            try
            {
                while (reader is not null && Next(reader, schema!) is { } batch)
                {
                    using (batch)
                    {
                        // A journal without a record becomes no file.
                        sink ??= open(NameOf(journal), schema!);
                        sink.Write(batch);
                        rows += batch.Length;
                    }
                }
                sink?.Complete();
            }
            finally
            {
                sink?.Dispose();
            }
        }
        FileChanges.Delete(journal);
        return rows;
    }

    /// <summary>Name of a feature's column.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="isRegression">Whether the model predicts a value.</param>
    public static string ColumnOf(string feature, bool isRegression) => Own(isRegression).Any(field => field.Name == feature) ? $"feature {feature}" : feature;

    private static Field[] Own(bool isRegression) =>
    [
        new("prediction_id", ColumnType.Utf8), new("predicted_at", ColumnType.TimestampMicros), new("customer", ColumnType.Utf8), new("as_of", ColumnType.TimestampMicros),
        new("model", ColumnType.Utf8), new("version", ColumnType.Utf8), new("arm", ColumnType.Utf8), new("answered", ColumnType.Int64),
        .. isRegression ? new[] { new Field("value", ColumnType.Float32) } : [new Field("probability", ColumnType.Float32), new Field("margin", ColumnType.Float32), new Field("decision", ColumnType.Int64)],
    ];

    private static Schema SchemaOf(JournalHeader header) =>
        new([.. Own(header.IsRegression), .. header.Features.Select(feature => new Field(ColumnOf(feature.Name, header.IsRegression), feature.Kind == FeatureKind.Categorical ? ColumnType.Utf8 : ColumnType.Float32))]);

    private static RecordBatch? Next(JournalReader reader, Schema schema)
    {
        ColumnBuilder[] columns = [.. schema.Fields.Select(Builder)];
        try
        {
            float[] row = new float[reader.Header.Features.Count];
            int count = 0;
            for (; count < BatchRows && reader.TryNext(row, out LoggedPrediction record); count++)
                Append(columns, reader.Header, record, row);
            return count == 0 ? null : new RecordBatch(schema, [.. columns.Select(column => column.Build())], count);
        }
        finally
        {
            foreach (ColumnBuilder column in columns)
                column.Dispose();
        }
    }

    private static void Append(ColumnBuilder[] columns, JournalHeader header, in LoggedPrediction record, float[] row)
    {
        int next = 0;
        Text(columns[next++], record.Id.ToString());
        Whole(columns[next++], record.At);
        Text(columns[next++], record.Customer);
        Whole(columns[next++], record.AsOf);
        Text(columns[next++], header.Model);
        Text(columns[next++], header.Version);
        Text(columns[next++], record.Arm);
        Whole(columns[next++], record.Answered ? 1 : 0);
        Number(columns[next++], record.Prediction.Predicted);
        if (!header.IsRegression)
        {
            Number(columns[next++], record.Prediction.Margin);
            Whole(columns[next++], record.Prediction.Flagged ? 1 : 0);
        }
        for (int i = 0; i < row.Length; i++, next++)
        {
            if (float.IsNaN(row[i]))
                Absent(columns[next], i, record.Unknown);
            else if (columns[next] is Utf8Builder text)
                text.Append(row[i] >= 0 && row[i] < header.Features[i].Categories.Count ? header.Features[i].Categories[(int)row[i]] : null);
            else
                Number(columns[next], row[i]);
        }
    }

    // A category that the model does not know is missing to it, and still told as it came: monitoring counts it.
    private static void Absent(ColumnBuilder column, int feature, IReadOnlyList<UnknownText>? unknown)
    {
        for (int i = 0; i < unknown?.Count; i++)
        {
            if (unknown[i].Feature == feature && column is Utf8Builder text)
            {
                text.Append(unknown[i].Text);
                return;
            }
        }
        column.AppendNull();
    }

    private static void Text(ColumnBuilder column, string text) => ((Utf8Builder)column).Append(text);

    private static void Whole(ColumnBuilder column, long value) => ((PrimitiveBuilder<long>)column).Append(value);

    private static void Number(ColumnBuilder column, float value) => ((PrimitiveBuilder<float>)column).Append(value);

    private static ColumnBuilder Builder(Field field) => field.Type switch
    {
        ColumnType.Utf8 => new Utf8Builder(),
        ColumnType.Float32 => new PrimitiveBuilder<float>(ColumnType.Float32),
        _ => new PrimitiveBuilder<long>(field.Type),
    };
}
