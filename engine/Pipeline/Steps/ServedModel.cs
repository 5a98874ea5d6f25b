using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>A model with its backend open, and the plan that feeds it.</summary>
internal sealed class ServedModel : IDisposable
{
    private ServedModel(ChurnModel model, IModelBackend backend, FeaturePlan plan) => (Model, Backend, Plan) = (model, backend, plan);

    /// <summary>The plan inside the model, with its categories.</summary>
    public FeaturePlan Plan { get; }

    public ChurnModel Model { get; }

    public IModelBackend Backend { get; }

    /// <summary>Reads the file and opens the backend, which proves itself on the golden rows.</summary>
    public static ServedModel Open(ModelChoice choice)
    {
        ChurnModel model = ModelFile.Load(choice.Path);
        FeaturePlan plan = PlanIn(model, choice.Path);
        return new ServedModel(model, choice.Open(model), plan);
    }

    /// <summary>The plan inside a model.</summary>
    public static FeaturePlan PlanIn(ChurnModel model, string path)
    {
        try
        {
            return FeaturePlan.Parse(model.Metadata.Plan, $"plan of model {model.Version}");
        }
        catch (ChurnConfigException fault)
        {
            throw PipelineErrors.BrokenPlan(path, fault);
        }
    }

    /// <summary>The project's plan under the model's categories.</summary>
    public FeaturePlan PlanOf(ProjectConfig project)
    {
        if (Plan.IsTimeless)
            throw PipelineErrors.NotAnEventModel(Model.Version);
        if (project.Plan.Hash != Plan.Hash)
            throw PipelineErrors.OtherPlan(Model.Version, Plan.Hash, project.Plan.Hash);
        return project.Plan.WithCategoriesOf(Plan);
    }

    /// <summary>The model's own plan over a plain table.</summary>
    public FeaturePlan PlanOf(string table)
    {
        if (!Plan.IsTimeless)
            throw PipelineErrors.NotATableModel(Model.Version);
        return Plan.WithSource(PlainTable.TableName, new TableSource { Name = PlainTable.TableName, Path = table });
    }

    /// <summary>Refuses a plain table without a column that the model reads. The plan was inferred, so its lines, which the plan's own errors name, mean nothing to the user.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE5203.</remarks>
    public void RequireColumns(FeaturePlan plan, IngestSession session)
    {
        if (!plan.IsTimeless)
            return;
        TableSource source = plan.Tables[0].Source!;
        string[] known = [.. session.Describe(source).Select(field => field.Name)];
        if (plan.Features.Select(feature => feature.Name).Prepend(plan.Entity).FirstOrDefault(name => !known.Contains(name)) is { } missing)
            throw PipelineErrors.TableLacks(Model.Version, source.Path, missing, known);
    }

    /// <summary>Probabilities, or values, of all rows, in blocks that fit a span.</summary>
    public float[] Predict(FeatureMatrix matrix)
    {
        const int BlockRows = 65_536;
        float[] predicted = new float[checked((int)matrix.RowCount)];
        float[] margin = new float[predicted.Length];
        for (int start = 0; start < predicted.Length; start += BlockRows)
        {
            int rows = Math.Min(BlockRows, predicted.Length - start);
            Backend.Predict(matrix.Rows(start, rows), predicted.AsSpan(start, rows), margin.AsSpan(start, rows));
        }
        return predicted;
    }

    public void Dispose() => Backend.Dispose();
}
