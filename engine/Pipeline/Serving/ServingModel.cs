using System.Globalization;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Explain;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>What a model says of one customer.</summary>
/// <param name="Predicted">Calibrated probability, 0..1; of a regression the value.</param>
/// <param name="Margin">Log-odds before calibration.</param>
/// <param name="Flagged">Whether the probability reaches the model's threshold.</param>
/// <param name="Risk">LOW, MEDIUM or HIGH.</param>
public readonly record struct SinglePrediction(float Predicted, float Margin, bool Flagged, string Risk);

/// <summary>A reason for a prediction.</summary>
/// <param name="Feature">Its feature.</param>
/// <param name="Value">Its value in words.</param>
/// <param name="LogOdds">What it and its family add to the log-odds.</param>
/// <param name="Text">The sentence.</param>
public sealed record ReasonText(string Feature, string Value, double LogOdds, string Text);

/// <summary>Told what a model said of a customer.</summary>
/// <param name="customer">Key.</param>
/// <param name="prediction">What it said.</param>
/// <param name="row">[F] features.</param>
/// <param name="unknown">Texts of categories that the model does not know; null for none.</param>
internal delegate void PredictionObserver(string customer, SinglePrediction prediction, ReadOnlySpan<float> row, IReadOnlyList<UnknownText>? unknown);

/// <summary>How what a model says is told.</summary>
/// <param name="Cuts">Levels of risk.</param>
/// <param name="Reasons">Words, families, and what is never named.</param>
public sealed record ServingRules(RiskCuts Cuts, ReasonSettings Reasons);

/// <summary>A model that answers single questions: the same plan, features, backend and threshold as in a scoring job. Thread-safe.</summary>
public sealed class ServingModel : SharedUse
{
    /// <summary>Reasons that one answer has at most.</summary>
    public const int MostReasons = 50;

    private static readonly JobBudget s_oneThread = new() { Threads = 1 };
    private readonly ServedModel _served;
    private readonly PopulationReference? _population;
    private readonly ChurnException? _noPopulation;
    private readonly FlagRule _flag;
    private readonly RiskCuts _cuts;
    private readonly NamedRows _named;
    private readonly JsonTable[] _tables;
    private readonly Lazy<IExplainer> _explainer;
    private readonly ReasonBook _book;

    private ServingModel(ServedModel served, (PopulationReference? Reference, ChurnException? Absent) population, ServingRules rules)
    {
        (_served, _population, _noPopulation, _cuts) = (served, population.Reference, population.Absent, rules.Cuts);
        _book = ModelReasons.BookOf(served.Model.Metadata, served.Plan, rules.Reasons);
        _flag = new FlagRule(served.Model.Metadata);
        _named = new NamedRows(served.Plan, Version);
        _tables = served.Plan.IsTimeless ? [] : [.. served.Plan.Tables.Select(table => new JsonTable(served.Plan, table))];
        // For one row the walk of the trees is the fastest, and it needs no tables of patterns.
        _explainer = new Lazy<IExplainer>(() => served.Model.Predictor.CreateExplainer());
    }

    /// <summary>Short identity of the file.</summary>
    public string Version => _served.Model.Version;

    /// <summary>Name given by the user.</summary>
    public string Name => Metadata.ModelName;

    /// <summary>What runs it.</summary>
    public string Backend => _served.Backend.Name;

    /// <summary>All that it says of itself.</summary>
    public ModelMetadata Metadata => _served.Model.Metadata;

    /// <summary>How the plan calls the customer's key.</summary>
    public string Entity => _served.Plan.Entity;

    /// <summary>True when it predicts a value.</summary>
    public bool IsRegression => Metadata.Task == ModelTask.Regression;

    /// <summary>Tables that rows can be sent of, with the columns read.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Tables => _tables.ToDictionary(table => table.Name, table => (IReadOnlyList<string>)[.. table.Columns]);

    /// <summary>Why it reads no events; null when it does, or was trained on a plain table.</summary>
    public string? NoEvents => _noPopulation?.Describe();

    /// <summary>Whether it compares customers with the same population as another.</summary>
    internal bool ComparesAs(ServingModel other) => ReferenceEquals(_population, other._population);

    /// <summary>The F features, in input order.</summary>
    public IReadOnlyList<FeatureInfo> Features => _served.Plan.Features;

    /// <summary>Reads a model, proves it on its golden rows, and answers once so that the first request does not pay for it.</summary>
    /// <param name="choice">File and backend.</param>
    /// <param name="population">Asked when features compare customers.</param>
    /// <param name="rules">Levels of risk, and how reasons are told.</param>
    /// <remarks>Errors: <see cref="ChurnModelException"/> for a file that is damaged or does not prove itself; what reading the population's tables throws.</remarks>
    internal static ServingModel Open(ModelChoice choice, PopulationSource population, ServingRules rules)
    {
        ArgumentNullException.ThrowIfNull(population);
        var served = ServedModel.Open(choice);
        try
        {
            (PopulationReference?, ChurnException?) reference;
            try
            {
                reference = (population.For(served.Plan, served.Model.Version), null);
            }
            catch (ChurnConfigException absent)
            {
                // Features by name and the online store do not need it.
                reference = (null, absent);
            }
            var model = new ServingModel(served, reference, rules);
            float[] row = new float[model.Features.Count];
            row.AsSpan().Fill(float.NaN);
            _ = model.Predict(row);
            return model;
        }
        catch
        {
            served.Dispose();
            throw;
        }
    }

    /// <summary>The features of a customer, from features by name, from rows, or from the online store, whichever the request has.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="store">The online store; null for none.</param>
    /// <param name="mostRows">Rows that a request may have in one table.</param>
    /// <returns>[F] values in plan order, NaN where missing; the instant that they are of; and the texts of categories that the model does not know, null for none.</returns>
    /// <remarks>Errors: <see cref="ChurnDataException"/> for what the request has and the plan cannot read; <see cref="ChurnConfigException"/> CE1213.</remarks>
    internal (float[] Row, long AsOf, IReadOnlyList<UnknownText>? Unknown) RowOf(CustomerFacts facts, OnlineFeatures? store, int mostRows)
    {
        ArgumentNullException.ThrowIfNull(facts);
        try
        {
            if (facts.Features.ValueKind != JsonValueKind.Undefined)
                return facts.HasRows ? throw ServingErrors.BadBody("features, or rows to compute them from", "both") : Told(_named.Read(facts.Features), facts.AsOf);
            if (facts.HasRows)
                return Told(FromRows(facts, mostRows), facts.AsOf);
            if (store is null)
                throw ServingErrors.NoStore();
            (StoredValue[] values, long asOf) = store.Require(facts.Customer, _served.Plan, Version);
            return Told(_named.Read(values), asOf);
        }
        catch (InvalidOperationException broken)
        {
            throw ServingErrors.BadBody("JSON of whole Unicode text", broken.Message.TrimEnd('.'));
        }
    }

    private static (float[], long, IReadOnlyList<UnknownText>?) Told((float[] Row, IReadOnlyList<UnknownText>? Unknown) read, long asOf) => (read.Row, asOf, read.Unknown);

    /// <summary>Predicts for one row.</summary>
    /// <param name="row">[F] values, NaN where missing.</param>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE9602 for what is no prediction: a bug, never answered.</remarks>
    public SinglePrediction Predict(ReadOnlySpan<float> row)
    {
        Span<float> predicted = stackalloc float[1], margin = stackalloc float[1];
        _served.Backend.Predict(row, predicted, margin);
        return Say(row, predicted[0], margin[0]);
    }

    private SinglePrediction Say(ReadOnlySpan<float> row, float predicted, float margin)
    {
        if (IsRegression)
            return float.IsFinite(predicted) ? new SinglePrediction(predicted, predicted, false, "") : throw ServingErrors.NotAPrediction(Version, predicted);
        return predicted is >= 0 and <= 1 ? new SinglePrediction(predicted, margin, predicted >= _flag.Of(row), _cuts.LevelOf(predicted).ToText()) : throw ServingErrors.NotAPrediction(Version, predicted);
    }

    /// <summary>Predicts for several rows, as the backend gives them.</summary>
    /// <param name="rows">[N * F] values.</param>
    /// <param name="predicted">[N].</param>
    /// <param name="margin">[N].</param>
    public void Predict(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin) => _served.Backend.Predict(rows, predicted, margin);

    /// <summary>Scores a stream; who observes is told each customer.</summary>
    internal long ScoreStream((Stream Input, Stream Output) streams, int reasons, PredictionObserver observe)
    {
        IRowFeatures features = _served.Plan.IsTimeless ? new RowFeaturizer(_served.Plan) : new NamedFeatures(_served.Plan);
        var options = new ArrowReadOptions { Name = "the body", LeaveOpen = true, Columns = features.Columns.Append(features.KeyName).ToHashSet(StringComparer.Ordinal) };
        var input = new ArrowStreamReader(streams.Input, options);
        StreamScorer scorer;
        try
        {
            StreamStep.RequireColumns(_served.Model, features, input);
            scorer = new StreamScorer(input, features, _served.Model, _served.Backend, new ScoredColumns { Reasons = reasons, ReasonBook = _book, Flag = !IsRegression })
            {
                Observer = batch => Tell(batch, observe),
            };
        }
        catch
        {
            input.Dispose();
            throw;
        }
        return scorer.Run(streams.Output, s_oneThread, null, CancellationToken.None).Rows;
    }

    private void Tell(ScoredBatch batch, PredictionObserver observe)
    {
        ReadOnlySpan<float> predicted = batch.Scored.Values<float>(IsRegression ? "value" : "probability"), margin = IsRegression ? predicted : batch.Scored.Values<float>("margin");
        Column[] columns = [.. Features.Select(feature => batch.Rows[feature.Name])];
        int row = 0;
        // One delegate for all rows.
        Func<int, string?> textOf = feature => TextOf(columns[feature], row);
        for (; row < batch.Scored.Length; row++)
        {
            ReadOnlySpan<float> values = batch.Features.Row(row);
            observe(TextOf(batch.Keys, row)!, Say(values, predicted[row], margin[row]), values, _named.Unknown(values, textOf));
        }
    }

    // Of a column that a feature or a key is read from; a number where the plan takes categories is told as its text.
    private static string? TextOf(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        Utf8Column texts => texts.GetString(row),
        DictionaryColumn coded => coded.GetString(row),
        PrimitiveColumn<long> numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<int> numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Why a row's risk is what it is: the strongest families of features that raise it.</summary>
    /// <param name="row">[F] values.</param>
    /// <param name="count">Reasons at most, 1 to <see cref="MostReasons"/>.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE1217 of a regression; <see cref="ChurnModelException"/> CE5901 for trees that do not know their covers.</remarks>
    public IReadOnlyList<ReasonText> Reasons(ReadOnlySpan<float> row, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostReasons);
        if (IsRegression)
            throw ServingErrors.NoReasons(Version);
        double[] contributions = new double[row.Length];
        _explainer.Value.Explain(row, contributions);
        var texts = new List<ReasonText>(count);
        foreach (Reason reason in ReasonWriter.All(_book, row, contributions).Told.Where(reason => reason.Contribution > 0).Take(count))
            texts.Add(new ReasonText(Features[reason.Feature].Name, ValueFormat.Text(Features[reason.Feature], row[reason.Feature]), reason.Contribution, reason.Sentence));
        return texts;
    }

    private protected override void Close() => _served.Dispose();

    private (float[] Row, IReadOnlyList<UnknownText>? Unknown) FromRows(CustomerFacts facts, int mostRows)
    {
        if (_tables.Length == 0)
            throw ServingErrors.NoEvents(Version);
        if (_noPopulation is not null)
            throw _noPopulation;
        List<UnknownText>? unknown = null;
        using var customer = new LiveCustomer(_served.Plan, _population) { Unknown = (feature, text) => (unknown ??= []).Add(new UnknownText(feature, text.ToString())) };
        if (!facts.Attributes.IsNothing())
            Apply(customer, Only(table => !table.HasEvents, "customer"), facts.Attributes, (facts.Customer, "customer"), mostRows);
        if (!facts.Events.IsNothing())
            Apply(customer, Only(table => table.HasEvents, "events"), facts.Events, (facts.Customer, "events"), mostRows);
        if (!facts.Tables.IsNothing())
        {
            if (facts.Tables.ValueKind != JsonValueKind.Object)
                throw ServingErrors.BadValue("tables", "an object with rows by table", JsonCells.Show(facts.Tables));
            foreach (JsonProperty rows in facts.Tables.EnumerateObject())
                Apply(customer, Array.Find(_tables, table => table.Name == rows.Name) ?? throw NoTable(rows.Name), rows.Value, (facts.Customer, rows.Name), mostRows);
        }
        float[] row = new float[Features.Count];
        customer.Read(facts.AsOf, row);
        return (row, unknown);
    }

    private static void Apply(LiveCustomer customer, JsonTable table, JsonElement rows, (string Customer, string Place) of, int mostRows)
    {
        using RecordBatch batch = table.Read(rows, of.Customer, of.Place, mostRows);
        if (batch.Length > 0)
            customer.Apply(table.Name, batch);
    }

    // The only table of that kind; of several, the one that is called so.
    private JsonTable Only(Predicate<JsonTable> isMeant, string word)
    {
        JsonTable[] meant = Array.FindAll(_tables, isMeant);
        return meant.Length == 1 ? meant[0] : Array.Find(meant, table => table.Name == word || table.Name == word + "s") ?? throw NoTable(word);
    }

    private ChurnDataException NoTable(string name) => ServingErrors.NoSuchTable(Version, name, [.. _tables.Select(table => table.Name)]);
}
