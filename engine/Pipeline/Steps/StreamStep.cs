using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Which rows and columns come out of a pipe.</summary>
public sealed record StreamRequest
{
    /// <summary>Reasons a customer, 0 and up; null: <see cref="ScoreSettings.DefaultReasons"/> of a model of churn, none of a model of a value.</summary>
    public int? Reasons { get; init; }

    /// <summary>Probability from which a customer gets reasons; null: the model's threshold.</summary>
    public double? ReasonsFrom { get; init; }

    /// <summary>Columns of each reason, of sentence, feature, value and contribution; empty: the sentence.</summary>
    public IReadOnlyList<string> ReasonColumns { get; init; } = [];

    /// <summary>Features copied beside the scores.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Condition that a row meets to be written; null for all.</summary>
    public string? Where { get; init; }

    /// <summary>Levels of the column <c>risk</c>; null for none.</summary>
    public string? Risk { get; init; }

    /// <summary>True for the column <c>flagged</c>.</summary>
    public bool Flag { get; init; }
}

/// <summary>What came through a pipe.</summary>
/// <param name="Batches">Batches written.</param>
/// <param name="Rows">Rows written.</param>
/// <param name="LeftOut">Rows that the condition left out.</param>
/// <param name="ReaderLeft">True when who reads the output closed it before the end.</param>
public sealed record PipedReport(long Batches, long Rows, long LeftOut, bool ReaderLeft);

/// <summary>Scores rows of a plain table from an Arrow stream into another.</summary>
public static class StreamStep
{
    private const string InputName = "standard input";

    /// <summary>Scores to the end of the input.</summary>
    /// <param name="streams">Arrow IPC streams, from and to; they stay the caller's.</param>
    /// <param name="choice">A model that was trained on a table.</param>
    /// <param name="request">What comes out.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE5201 for a model of events; <see cref="ChurnDataException"/> CE5203 for a column that the stream lacks, and for what
    /// is wrong with its bytes; <see cref="IOException"/> when the output fails.</remarks>
    public static PipedReport Run((Stream Input, Stream Output) streams, ModelChoice choice, StreamRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        FeaturePlan plan = served.PlanOf(InputName);
        var featurizer = new RowFeaturizer(plan);
        var options = new ArrowReadOptions { Name = InputName, LeaveOpen = true, Columns = featurizer.Columns.Append(featurizer.KeyName).ToHashSet(StringComparer.Ordinal) };
        var columns = new ScoredColumns
        {
            Reasons = ScoreStep.ReasonsOf(served.Model, request.Reasons),
            ReasonsFrom = request.ReasonsFrom,
            ReasonBook = ModelReasons.BookOf(served.Model.Metadata, served.Plan, ReasonSettings.Default),
            ReasonParts = ScoreStep.PartsOf(request.ReasonColumns, ReasonSettings.Default),
            PassThrough = request.Columns,
            Where = request.Where,
            Flag = ScoreStep.FlagOf(served.Model, request.Flag),
            Risk = request.Risk is { } levels ? RiskBands.Parse(levels) : null,
        };
        var input = new ArrowStreamReader(streams.Input, options);
        StreamScorer scorer;
        try
        {
            RequireColumns(served.Model, featurizer, input);
            scorer = new StreamScorer(input, featurizer, served.Model, served.Backend, columns);
        }
        catch
        {
            input.Dispose();
            throw;
        }
        StreamReport report = context.Stages.Time("score", () => scorer.Run(streams.Output, context.Budget, context.Progress, context.Cancellation), done => done.Rows);
        return new PipedReport(report.Batches, report.Rows, report.LeftOut, report.ReaderLeft);
    }

    internal static void RequireColumns(ChurnModel model, IRowFeatures featurizer, ArrowStreamReader input)
    {
        string[] known = [.. input.Described.Select(column => column.Name)];
        if (featurizer.Columns.Prepend(featurizer.KeyName).FirstOrDefault(name => !known.Contains(name)) is { } missing)
            throw PipelineErrors.TableLacks(model.Version, InputName, missing, known);
    }
}
