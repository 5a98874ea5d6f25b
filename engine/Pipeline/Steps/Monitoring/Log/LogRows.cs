using System.Runtime.InteropServices;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>The predictions of a log that count: their features by bins, their scores by arm, and those with an outcome.</summary>
internal sealed class LogRows
{
    private readonly ServedModel _served;
    private readonly LogIndex _index;
    private readonly FlagRule _flag;
    private readonly CategoryLookup?[] _codes;
    private readonly int[] _segments;
    private readonly string _scoreColumn;

    private LogRows(ServedModel served, LogIndex index, int[] segments)
    {
        (_served, _index, _segments, _flag, _codes) = (served, index, segments, new FlagRule(served.Model.Metadata), CategoryLookup.Of(served.Plan));
        _scoreColumn = served.Model.Metadata.Task == ModelTask.Regression ? "value" : "probability";
        SegmentValues = [.. segments.Select(_ => new List<float>())];
    }

    /// <summary>What each arm said, in the order of its first prediction.</summary>
    public Dictionary<string, LogArmRows> Arms { get; } = new(StringComparer.Ordinal);

    /// <summary>Customers with an outcome: key, instant, probability, and from which each is flagged.</summary>
    public (List<string> Customers, List<long> AsOf, List<float> Predicted, List<float> Cuts) Known { get; } = ([], [], [], []);

    /// <summary>[segment feature][N] values of those customers.</summary>
    public List<float>[] SegmentValues { get; }

    /// <summary>Reads them.</summary>
    /// <param name="folder">Of the version.</param>
    /// <param name="served">The model.</param>
    /// <param name="index">Which count.</param>
    /// <param name="segments">Features whose values are kept of those with an outcome.</param>
    /// <param name="session">Reads.</param>
    /// <param name="context">Progress, cancellation.</param>
    public static LogRows Read(string folder, ServedModel served, LogIndex index, int[] segments, IngestSession session, StepContext context)
    {
        var rows = new LogRows(served, index, segments);
        long done = 0;
        foreach (RecordBatch batch in session.Read(LogIndex.SourceOf(folder), rows.Contract(), context.Cancellation))
        {
            using (batch)
            {
                rows.Add(batch);
                context.Progress?.Report(new StepProgress("watch", done += batch.Length, index.Predictions));
            }
        }
        return rows;
    }

    private static readonly string[] s_own = ["prediction_id", "predicted_at", "customer", "as_of", "arm", "answered"];

    private TableContract Contract() => new()
    {
        Columns =
        [
            new("prediction_id", ColumnType.Utf8, NotNull: true), new("predicted_at", ColumnType.TimestampMicros, NotNull: true), new("customer", ColumnType.Utf8, NotNull: true),
            new("as_of", ColumnType.TimestampMicros, NotNull: true), new("arm", ColumnType.Utf8, NotNull: true), new("answered", ColumnType.Int64, NotNull: true), new(_scoreColumn, ColumnType.Float32, NotNull: true),
            .. _served.Plan.Features.Select(feature => new ColumnContract(JournalParquet.ColumnOf(feature.Name, _served.Model.Metadata.Task == ModelTask.Regression), feature.Kind == FeatureKind.Categorical ? ColumnType.Utf8 : ColumnType.Float32)),
        ],
    };

    private void Add(RecordBatch batch)
    {
        int features = _served.Plan.Features.Count;
        using FeatureMatrix matrix = FeatureMatrix.Allocate(_served.Plan.Features, batch.Length);
        for (int feature = 0; feature < features; feature++)
            StoredColumns.Copy(batch.Columns[s_own.Length + 1 + feature], _codes[feature], matrix.Rows(0, batch.Length), (feature, features), unknown: null);
        ReadOnlySpan<long> at = batch.Values<long>("predicted_at"), asOf = batch.Values<long>("as_of"), answered = batch.Values<long>("answered");
        ReadOnlySpan<float> predicted = batch.Values<float>(_scoreColumn);
        Utf8Column ids = (Utf8Column)batch["prediction_id"], customers = (Utf8Column)batch["customer"], arms = (Utf8Column)batch["arm"];
        for (int i = 0; i < batch.Length; i++)
        {
            (bool isLatest, bool isKnown, string customer) = _index.PlaceOf(customers.GetBytes(i), at[i], ids.GetBytes(i));
            float cut = _flag.Of(matrix.Row(i));
            if (isLatest)
            {
                LogArmRows arm = ArmOf(arms.GetBytes(i), answered[i] != 0);
                arm.Predicted.Add(predicted[i]);
                arm.Cuts.Add(cut);
                CountUnknown(batch, matrix, i, arm.Unknown);
                arm.Latest.Add(i);
            }
            if (isKnown)
            {
                Known.Customers.Add(customer);
                Known.AsOf.Add(asOf[i]);
                Known.Predicted.Add(predicted[i]);
                Known.Cuts.Add(cut);
                for (int segment = 0; segment < _segments.Length; segment++)
                    SegmentValues[segment].Add(matrix.Row(i)[_segments[segment]]);
            }
        }
        foreach (LogArmRows arm in Arms.Values)
        {
            using FeatureMatrix own = matrix.Gather(CollectionsMarshal.AsSpan(arm.Latest));
            arm.Counts.Add(own);
            arm.Latest.Clear();
        }
    }

    private void CountUnknown(RecordBatch batch, FeatureMatrix matrix, int row, UnknownLevels unknown)
    {
        for (int feature = 0; feature < _codes.Length; feature++)
        {
            if (_codes[feature] is not null && float.IsNaN(matrix.Row(row)[feature]) && batch.Columns[s_own.Length + 1 + feature] is Utf8Column texts && !texts.IsNull(row))
                unknown.Add(feature, texts.GetBytes(row));
        }
    }

    private LogArmRows ArmOf(ReadOnlySpan<byte> utf8, bool isAnswered)
    {
        Span<char> characters = utf8.Length <= 256 ? stackalloc char[256] : new char[utf8.Length];
        ReadOnlySpan<char> key = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        if (Arms.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out LogArmRows? arm))
            return arm;
        string name = key.ToString();
        Arms.Add(name, arm = new LogArmRows(name, isAnswered, new BinCounts(_served.Model.Metadata.Features, _served.Model.Metadata.Distributions), new UnknownLevels(_codes.Length)));
        return arm;
    }
}

/// <summary>What one arm said: counts by the model's bins, values that training did not know, scores, and probabilities from which each is flagged.</summary>
internal sealed record LogArmRows(string Name, bool IsAnswered, BinCounts Counts, UnknownLevels Unknown)
{
    /// <summary>Rows of the batch at hand that count.</summary>
    public List<int> Latest { get; } = [];

    public List<float> Predicted { get; } = [];

    public List<float> Cuts { get; } = [];
}
