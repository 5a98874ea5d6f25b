using System.Text.Json;
using System.Threading.Channels;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>What a predictor is made of.</summary>
public sealed record PredictorRequest
{
    /// <summary>The main model: an alias, a version or a file.</summary>
    public required string Model { get; init; }

    /// <summary>Folder of the registry.</summary>
    public required string Registry { get; init; }

    /// <summary>Opens the backend.</summary>
    public required OpenModelBackend Open { get; init; }

    /// <summary>Limits, traffic, log, online store.</summary>
    public required ServeSettings Settings { get; init; }

    /// <summary>Lends its data to features that compare customers, and its levels of risk; null for none.</summary>
    public ProjectConfig? Project { get; init; }

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>An answer.</summary>
/// <param name="Id">Of this prediction, as the log has it.</param>
/// <param name="Customer">Key.</param>
/// <param name="Prediction">What the model said.</param>
/// <param name="Reasons">Reasons; null when none were asked for.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Arm">production, or the name of the arm.</param>
/// <param name="At">When, microseconds since 1970 UTC.</param>
/// <param name="AsOf">Instant of the features, microseconds since 1970 UTC.</param>
/// <param name="IsRegression">Whether a value was predicted.</param>
public sealed record Answer(Guid Id, string Customer, SinglePrediction Prediction, IReadOnlyList<ReasonText>? Reasons, string Model, string Version, string Arm, long At, long AsOf, bool IsRegression);

/// <summary>One model that is served.</summary>
/// <param name="Arm">production, or the name of an arm.</param>
/// <param name="Slot">The model.</param>
/// <param name="Traffic">The arm; null: all others.</param>
public sealed record ServedArm(string Arm, ModelSlot Slot, TrafficArm? Traffic);

/// <summary>Answers questions about single customers: chooses the arm, computes features, predicts, logs, and asks the shadows. Thread-safe.</summary>
public sealed class ChurnPredictor : IDisposable
{
    private const int MostShadows = 1024;
    private readonly PredictorRequest _request;
    private readonly Dictionary<string, ServedArm> _arms;
    private readonly TrafficArm[] _shadows;
    private readonly OnlineFeatures? _online;
    private readonly Channel<Shadow> _waiting = Channel.CreateBounded<Shadow>(new BoundedChannelOptions(MostShadows) { SingleReader = true });
    private readonly Task _shadowing;
    private readonly Lock _looking = new();
    private long _shadowsLost;

    private ChurnPredictor(PredictorRequest request, ServedArm[] arms, OnlineFeatures? online, PredictionLog? log)
    {
        (_request, Arms, _online, Log) = (request, arms, online, log);
        _arms = arms.ToDictionary(arm => arm.Arm);
        _shadows = [.. request.Settings.Traffic.Arms.Where(arm => !arm.Answers)];
        _shadowing = Task.Run(AskShadows);
    }

    /// <summary>The models, the main one first.</summary>
    public IReadOnlyList<ServedArm> Arms { get; }

    /// <summary>The model that answers where no arm takes the customer.</summary>
    public ModelSlot Main => Arms[0].Slot;

    /// <summary>The prediction log; null for none.</summary>
    public PredictionLog? Log { get; }

    /// <summary>Shadows that were not asked, because too many waited.</summary>
    public long ShadowsLost => Volatile.Read(ref _shadowsLost);

    /// <summary>What is not as it should be, one sentence each; requests are answered all the same.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. Arms.Where(arm => arm.Slot.Fault is not null).Select(arm => $"{arm.Arm} ({arm.Slot.Word}) still answers by {arm.Slot.Current.Version}: {arm.Slot.Fault}"),
        .. Arms.Where(arm => arm.Slot.Current.NoEvents is not null).Select(arm => $"{arm.Arm} reads no events: {arm.Slot.Current.NoEvents}"),
        .. _online?.Fault is { } online ? new[] { $"the online store is that of before: {online}" } : [],
        .. Log?.Fault is { } log ? new[] { $"the prediction log: {log}" } : [],
    ];

    private long Now => (_request.Clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Opens models, store and log.</summary>
    /// <param name="request">Which.</param>
    /// <param name="context">Budget, warnings.</param>
    /// <remarks>Errors: those of <see cref="ModelSlot"/>, <see cref="OnlineFeatures"/> and <see cref="PredictionLog"/>.</remarks>
    public static ChurnPredictor Open(PredictorRequest request, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var rules = new ServingRules((request.Project?.Decisions ?? DecisionSettings.Default).Options.RiskCuts, request.Project?.Reasons ?? ReasonSettings.Default);
        var population = new PopulationSource(request.Project, context);
        var source = new SlotSource(request.Registry, path => ServingModel.Open(new ModelChoice(path, request.Open), population, rules), population);
        var opened = new List<IDisposable>();
        try
        {
            ServedArm Slot(string arm, string word, TrafficArm? traffic)
            {
                var slot = ModelSlot.Open(word, source);
                opened.Add(slot);
                return new ServedArm(arm, slot, traffic);
            }
            ServedArm[] arms = [Slot(TrafficSettings.MainArm, request.Model, null), .. request.Settings.Traffic.Arms.Select(arm => Slot(arm.Name, arm.Model, arm))];
            OnlineFeatures? online = request.Settings.Online is { } path ? OnlineFeatures.Open(path) : null;
            if (online is not null)
                opened.Add(online);
            return new ChurnPredictor(request, arms, online, request.Settings.Log.Folder is null ? null : PredictionLog.Open(request.Settings.Log, request.Clock, context.Budget));
        }
        catch
        {
            opened.ForEach(one => one.Dispose());
            throw;
        }
    }

    /// <summary>Answers one question.</summary>
    /// <param name="body">What is said of the customer; see <see cref="CustomerFacts"/>.</param>
    /// <param name="reasons">Reasons, where the body does not say: 0 to <see cref="ServingModel.MostReasons"/>.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> for what is wrong with the body.</remarks>
    public Answer Predict(JsonElement body, int reasons)
    {
        long now = Now;
        var facts = CustomerFacts.Read(body, Main.Current.Entity, now);
        ServedArm arm = _request.Settings.Traffic.AnsweringArm(facts.Customer) is { } taken ? _arms[taken.Name] : Arms[0];
        Answer answer = Ask(arm, facts, answers: true, facts.Reasons ?? reasons, now);
        foreach (TrafficArm shadow in _shadows)
        {
            // The request's document is gone when the shadow's turn comes.
            if (_request.Settings.Traffic.IsShadowed(shadow, facts.Customer) && !_waiting.Writer.TryWrite(new Shadow(_arms[shadow.Name], body.Clone(), now)))
                Interlocked.Increment(ref _shadowsLost);
        }
        return answer;
    }

    /// <summary>Scores an Arrow IPC stream into another by the main model, as <c>churn score --stdin --stdout</c> does, and logs each row.</summary>
    /// <param name="input">Rows with the key and the features (of a model of a plain table: its columns).</param>
    /// <param name="output">Gets key, probability, margin, flag and reasons; both stay the caller's.</param>
    /// <param name="reasons">Reasons of those whom the model flags, 0 and up.</param>
    /// <returns>Rows scored, and by which version.</returns>
    /// <remarks>Errors: <see cref="ChurnDataException"/> for what is wrong with the bytes, CE5203 for a column that is not there.</remarks>
    public (long Rows, string Version) ScoreStream(Stream input, Stream output, int reasons)
    {
        long now = Now;
        return With(Arms[0], model => (model.ScoreStream((input, output), reasons, (customer, prediction, row, unknown) =>
            Log?.Add(model, new LoggedPrediction(Guid.CreateVersion7(_request.Clock.GetUtcNow()), now, customer, now, Arms[0].Arm, true, prediction) { Unknown = unknown }, row)), model.Version));
    }

    /// <summary>Runs rows of features through the model of an arm, as they are.</summary>
    /// <param name="arm">Which.</param>
    /// <param name="work">Gets the model.</param>
    public static T With<T>(ServedArm arm, Func<ServingModel, T> work)
    {
        ArgumentNullException.ThrowIfNull(arm);
        ArgumentNullException.ThrowIfNull(work);
        ServingModel model = arm.Slot.Enter();
        try
        {
            return work(model);
        }
        finally
        {
            model.Exit();
        }
    }

    /// <summary>The arm that serves a model's name, an alias, a version, or an arm's name.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE1216.</remarks>
    public ServedArm Find(string name) => Arms.FirstOrDefault(arm => arm.Arm == name || arm.Slot.Word == name || arm.Slot.Current.Name == name || arm.Slot.Current.Version == name)
        ?? throw ServingErrors.NoSuchModel(name, Arms.SelectMany(arm => new[] { arm.Slot.Current.Name, arm.Arm, arm.Slot.Current.Version }).Distinct());

    /// <summary>Looks whether an alias moved, a file was replaced or the online store was published anew.</summary>
    /// <param name="force">Reads the models again even if nothing seems to have moved.</param>
    /// <returns>Arms whose model changed.</returns>
    public IReadOnlyList<ServedArm> Look(bool force = false)
    {
        lock (_looking)
        {
            _online?.Look();
            return [.. Arms.Where(arm => arm.Slot.Look(_request.Clock, force))];
        }
    }

    /// <summary>Asks the shadows that wait, closes the log and lets go of the models.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _shadowing.Wait();
        Log?.Dispose();
        _online?.Dispose();
        foreach (ServedArm arm in Arms)
            arm.Slot.Dispose();
    }

    private Answer Ask(ServedArm arm, CustomerFacts facts, bool answers, int reasons, long now)
    {
        ServingModel model = arm.Slot.Enter();
        try
        {
            (float[] row, long asOf, IReadOnlyList<UnknownText>? unknown) = model.RowOf(facts, _online, _request.Settings.Limits.Events);
            SinglePrediction prediction = model.Predict(row);
            IReadOnlyList<ReasonText>? why = reasons > 0 ? model.Reasons(row, reasons) : null;
            var id = Guid.CreateVersion7(_request.Clock.GetUtcNow());
            Log?.Add(model, new LoggedPrediction(id, now, facts.Customer, asOf, arm.Arm, answers, prediction) { Unknown = unknown }, row);
            return new Answer(id, facts.Customer, prediction, why, model.Name, model.Version, arm.Arm, now, asOf, model.IsRegression);
        }
        finally
        {
            model.Exit();
        }
    }

    private async Task AskShadows()
    {
        await foreach (Shadow shadow in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                Ask(shadow.Arm, CustomerFacts.Read(shadow.Body, Main.Current.Entity, shadow.Now), answers: false, 0, shadow.Now);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Another plan may want other rows. No answer waits for it, and the next shadow must be asked whatever became of this one.
                Interlocked.Increment(ref _shadowsLost);
            }
        }
    }

    private sealed record Shadow(ServedArm Arm, JsonElement Body, long Now);
}
