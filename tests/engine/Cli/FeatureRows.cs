using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;

namespace ChurnEngine.Cli.Tests;

/// <summary>The rows that a model would be given for its customers: what a team with another runtime must feed it.</summary>
internal static class FeatureRows
{
    /// <summary>Of a plain table.</summary>
    public static (ChurnModel Model, float[] Rows, string[] Keys) Of(string modelPath, string table)
    {
        ChurnModel model = ModelFile.Load(modelPath);
        FeaturePlan plan = FeaturePlan.Parse(model.Metadata.Plan, "plan in the model").WithSource(PlainTable.TableName, new TableSource { Name = PlainTable.TableName, Path = table });
        return Compute(model, plan, FeatureSnapshot.Timeless);
    }

    /// <summary>Of a project as of an instant.</summary>
    public static (ChurnModel Model, float[] Rows, string[] Keys) Of(string modelPath, string config, DateTime asOf)
    {
        ChurnModel model = ModelFile.Load(modelPath);
        FeaturePlan frozen = FeaturePlan.Parse(model.Metadata.Plan, "plan in the model");
        FeaturePlan plan = Pipeline.ProjectConfig.Load(config).Plan.WithCategoriesOf(frozen);
        return Compute(model, plan, (asOf - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
    }

    private static (ChurnModel Model, float[] Rows, string[] Keys) Compute(ChurnModel model, FeaturePlan plan, long asOf)
    {
        using var session = new IngestSession(new IngestOptions());
        var budget = new JobBudget { Threads = 2 };
        using CustomerData data = CustomerData.Load(plan, session, budget, null, CancellationToken.None);
        using FeatureSnapshot snapshot = new Featurizer(plan, data).Compute(asOf, Population.Scoring, budget, CancellationToken.None);
        int count = (int)snapshot.Matrix.RowCount;
        string[] keys = [.. Enumerable.Range(0, count).Select(row => snapshot.Keys is PrimitiveColumn<long> numbers
            ? numbers.Values[row].ToString(CultureInfo.InvariantCulture)
            : ((Utf8Column)snapshot.Keys).GetString(row)!)];
        return (model, snapshot.Matrix.Rows(0, count).ToArray(), keys);
    }
}
