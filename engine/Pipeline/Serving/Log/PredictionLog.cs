using System.Collections.Concurrent;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Every prediction of a service, in Parquet, by version of the model. Thread-safe.</summary>
/// <remarks>
/// <code>
/// predictions/m-0123456789ab/.predictions-20260102T030405006-77.journal    being written: on the disk twice a second
///                           /predictions-20260102T030405006-77.parquet     what a journal became, when it was large or old enough, at the end, or at the next start after a crash
/// </code>
/// Writing never makes a request wait. A disk that takes nothing makes <see cref="Fault"/>; 64 MB of predictions wait for it, and what comes after them is counted in <see cref="Lost"/>.</remarks>
public sealed class PredictionLog : IDisposable
{
    private static readonly TimeSpan s_flush = TimeSpan.FromMilliseconds(400);
    private readonly ConcurrentDictionary<string, Journal> _journals = new(StringComparer.Ordinal);
    private readonly Lock _rotation = new();
    private readonly PredictionLogSettings _settings;
    private readonly TimeProvider _clock;
    private readonly JobBudget _budget;
    private readonly Thread _writer;
    private readonly ManualResetEventSlim _stop = new();
    private Task _conversions = Task.CompletedTask;
    private long _lostBefore;
    private long _written;

    private PredictionLog(PredictionLogSettings settings, TimeProvider clock, JobBudget budget)
    {
        (_settings, _clock, _budget) = (settings, clock, budget);
        _writer = new Thread(WriteOn) { IsBackground = true, Name = "prediction log" };
    }

    /// <summary>What the disk said last; null while it takes what it is given.</summary>
    public string? Fault { get; private set; }

    /// <summary>Predictions that could not be kept.</summary>
    public long Lost => _lostBefore + _journals.Values.Sum(journal => journal.Lost);

    /// <summary>Predictions kept since the start.</summary>
    public long Written => Volatile.Read(ref _written);

    private string Folder => _settings.Folder!;

    /// <summary>Opens the log: what a crash left becomes Parquet, and files that are too old go.</summary>
    /// <param name="settings">With a folder.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="budget">Memory.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1215 when the folder cannot be written.</remarks>
    public static PredictionLog Open(PredictionLogSettings settings, TimeProvider clock, JobBudget budget)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var log = new PredictionLog(settings, clock, budget);
        try
        {
            FileChanges.CreateFolder(log.Folder);
            AtomicFile.Probe(Path.Combine(log.Folder, "probe"));
            foreach (string journal in Directory.GetFiles(log.Folder, "*" + Journal.Suffix, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
                log.Recover(journal);
            log.Forget();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ChurnConfigException)
        {
            throw ServingErrors.CannotLog(settings.Folder!, failure);
        }
        log._writer.Start();
        return log;
    }

    /// <summary>Takes a prediction.</summary>
    /// <param name="model">Who made it.</param>
    /// <param name="record">What it said.</param>
    /// <param name="row">[F] features that it saw.</param>
    internal void Add(ServingModel model, in LoggedPrediction record, ReadOnlySpan<float> row)
    {
        // A journal that is taken away for rotation holds this lock while it is, so that no prediction comes to one that is closed.
        lock (_rotation)
        {
            if (JournalOf(model) is { } journal)
            {
                journal.Add(record, row);
                _written++;
            }
            else
            {
                _lostBefore++;
            }
        }
    }

    /// <summary>Puts all that was taken on the disk and makes Parquet of it.</summary>
    public void Dispose()
    {
        _stop.Set();
        _writer.Join();
        foreach (string version in _journals.Keys)
            Rotate(version);
        _conversions.Wait();
        _stop.Dispose();
    }

    // DuckDB is opened when a journal becomes Parquet, not before the service is ready, and what it took goes back at once.
    private void ToParquet(string journal)
    {
        using var session = new IngestSession(new IngestOptions { Budget = _budget });
        JournalParquet.Convert(journal, session.OpenParquet);
    }

    // Null where the disk does not take a new file: the answer is given all the same.
    private Journal? JournalOf(ServingModel model)
    {
        if (!_journals.TryGetValue(model.Version, out Journal? journal))
            Try(() => _journals[model.Version] = journal = Journal.Begin(Path.Combine(Folder, model.Version), JournalHeader.Of(model), _clock.GetUtcNow()));
        return journal;
    }

    private void WriteOn()
    {
        while (!_stop.Wait(s_flush))
        {
            foreach ((string version, Journal journal) in _journals)
            {
                Try(journal.Flush);
                if (Fault is null && (journal.Length >= (long)_settings.RotateMegabytes << 20 || _clock.GetUtcNow() - journal.Began >= TimeSpan.FromMinutes(_settings.RotateMinutes)))
                    Rotate(version);
            }
        }
    }

    private void Rotate(string version)
    {
        Journal? journal;
        lock (_rotation)
        {
            if (!_journals.TryRemove(version, out journal))
                return;
            _lostBefore += journal.Lost;
        }
        Try(journal.Flush);
        journal.Dispose();
        // One after the other, beside the thread that keeps the promise of a second, and on none of the pool: requests would wait for the pool to notice.
        _conversions = _conversions.ContinueWith(_ => Try(() =>
        {
            ToParquet(journal.Path);
            Forget();
        }), CancellationToken.None, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Recover(string journal)
    {
        try
        {
            using (new FileStream(journal, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
            }
        }
        catch (IOException busy) when (FolderLock.IsHeldElsewhere(busy))
        {
            // Another service writes to it.
            return;
        }
        ToParquet(journal);
    }

    private void Forget()
    {
        if (_settings.KeepDays == 0)
            return;
        DateTime oldest = _clock.GetUtcNow().UtcDateTime.AddDays(-_settings.KeepDays);
        foreach (string file in Directory.GetFiles(Folder, "predictions-*.parquet", SearchOption.AllDirectories))
        {
            if (File.GetLastWriteTimeUtc(file) < oldest)
                FileChanges.Delete(file);
        }
    }

    private void Try(Action write)
    {
        try
        {
            write();
            Fault = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ChurnException)
        {
            Fault = failure is ChurnException ours ? ours.Describe() : failure.Message.TrimEnd('.');
        }
    }
}
