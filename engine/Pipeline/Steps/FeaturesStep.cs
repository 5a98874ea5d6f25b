using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Computes the features of everybody at one instant and writes them.</summary>
public static class FeaturesStep
{
    /// <summary>Writes key, as-of and features; categorical features as text.</summary>
    /// <param name="project">Plan and tables.</param>
    /// <param name="asOf">Instant; null: the project's, else the end of the data.</param>
    /// <param name="path">Parquet file to write.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    public static FeaturesReport Run(ProjectConfig project, long? asOf, string path, StepContext context)
    {
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        using CustomerData data = DataLoad.Run(project.Plan, session, context);
        long instant = DataLoad.AsOf(data, asOf ?? project.Score.AsOf, context);
        using FeatureSnapshot snapshot = context.Stages.Time("features", () => Compute(project.Plan, data, instant, context), computed => computed.Matrix.RowCount);
        context.Stages.Time("write", () => Write(project.Plan, snapshot, path, session), rows => rows);
        return new FeaturesReport(path, InstantText.Format(instant), snapshot.Matrix.RowCount, snapshot.Matrix.FeatureCount, project.Plan.Hash);
    }

    // Without a model there are no frozen categories; those seen at this instant serve, since text leaves as text again.
    private static FeatureSnapshot Compute(FeaturePlan plan, CustomerData data, long asOf, StepContext context) =>
        SelfFrozenFeatures.Compute(plan, data, asOf, context.Budget, context.Cancellation);

    private static long Write(FeaturePlan plan, FeatureSnapshot snapshot, string path, IngestSession session)
    {
        IReadOnlyList<FeatureInfo> features = snapshot.Matrix.Features;
        Field[] fields =
        [
            new(plan.Entity, snapshot.Keys.Type, Nullable: false),
            new("as_of", ColumnType.TimestampMicros, Nullable: false),
            .. features.Select(feature => new Field(feature.Name, feature.Kind == FeatureKind.Categorical ? ColumnType.Utf8 : ColumnType.Float32)),
        ];
        var schema = new Schema(fields);
        using IBatchSink sink = session.OpenParquet(path, schema);
        const int BlockRows = 65_536;
        for (long start = 0; start < snapshot.Matrix.RowCount; start += BlockRows)
        {
            int rows = (int)Math.Min(BlockRows, snapshot.Matrix.RowCount - start);
            FeatureMatrix block = snapshot.Matrix.View(start, rows);
            NativeBuffer<long> instants = NativeBuffer<long>.Allocate(rows);
            instants.Span.Fill(snapshot.AsOf);
            Column[] columns =
            [
                snapshot.Keys.CopyRows((int)start, rows),
                new PrimitiveColumn<long>(ColumnType.TimestampMicros, instants, rows),
                .. features.Select((_, index) => block.CopyFeature(index)),
            ];
            using var batch = new RecordBatch(schema, columns, rows);
            sink.Write(batch);
        }
        sink.Complete();
        return snapshot.Matrix.RowCount;
    }
}
