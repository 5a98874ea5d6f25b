using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>A plain table read and computed, to train on. Dispose it once.</summary>
internal sealed class PlainSet : IDisposable
{
    private readonly IngestSession _session;
    private readonly CustomerData _data;

    private PlainSet(IngestSession session, CustomerData data, TrainingSet set) => (_session, _data, Set) = (session, data, set);

    /// <summary>Its rows with their labels.</summary>
    public TrainingSet Set { get; }

    /// <summary>Reads a table whose columns are features but for those that the input names.</summary>
    public static PlainSet Open(TableInput input, StepContext context)
    {
        IngestSession session = context.OpenIngest(IngestSettings.Default, Environment.CurrentDirectory);
        CustomerData? data = null;
        try
        {
            var source = new TableSource { Name = PlainTable.TableName, Path = input.Path };
            FeaturePlan plan = PlainTable.Infer(session, new PlainColumns(source, input.Id, input.Label) { Drop = input.Drop, IsNumeric = input.Task == ModelTask.Regression }, context.Cancellation);
            data = DataLoad.Run(plan, session, context);
            TrainingSet set = context.Stages.Time("features", () =>
                TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [FeatureSnapshot.Timeless], Budget = context.Budget }, context.Cancellation), built => built.Matrix.RowCount);
            context.Warn(set.Warnings);
            return new PlainSet(session, data, set);
        }
        catch
        {
            data?.Dispose();
            session.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Set.Dispose();
        _data.Dispose();
        _session.Dispose();
    }
}
