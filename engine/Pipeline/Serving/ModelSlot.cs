using ChurnEngine.Columns;
using ChurnEngine.Registry;

namespace ChurnEngine.Pipeline;

/// <summary>What a slot opens models from.</summary>
/// <param name="Registry">Folder of the registry that aliases and versions are looked up in.</param>
/// <param name="Open">Opens a model file.</param>
/// <param name="Population">Whom models compare customers with.</param>
internal sealed record SlotSource(string Registry, Func<string, ServingModel> Open, PopulationSource Population);

/// <summary>The model that a word stands for: an alias of the registry, followed as it moves; a file, followed as it is replaced; or a version, which stays. With it goes the population that customers are compared with.</summary>
/// <remarks>A model that cannot be read, or does not prove itself, changes nothing but <see cref="Fault"/>: the last good one goes on.
/// A request keeps the model that it began with; the old one is closed when its last request is done. Thread-safe, but for <see cref="Look"/>, which one thread calls.</remarks>
public sealed class ModelSlot : IDisposable
{
    // What was wrong may pass without the pointer moving: a mount that comes back, a file that is copied in place. Soon at first, then rarely.
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1), s_lastRetry = TimeSpan.FromSeconds(16);
    private readonly SlotSource _source;
    private ServingModel _current;
    private string _seen;
    private long _tried;
    private TimeSpan _retry = s_firstRetry;

    private ModelSlot(string word, SlotSource source, ServingModel current, string seen) => (Word, _source, _current, _seen) = (word, source, current, seen);

    /// <summary>An alias, a version or a path.</summary>
    public string Word { get; }

    /// <summary>The model that answers now; it may be closed a moment later, so it is good for what it says of itself alone.</summary>
    public ServingModel Current => Volatile.Read(ref _current);

    /// <summary>Why the model that the word leads to is not the one that answers; null when it is.</summary>
    public string? Fault { get; private set; }

    /// <summary>How often another model took over.</summary>
    public long Swaps { get; private set; }

    /// <summary>Opens the model that the word stands for.</summary>
    /// <remarks>Errors: those of the registry, of the model file and of its backend.</remarks>
    internal static ModelSlot Open(string word, SlotSource source)
    {
        // Looked at before the model is read: what changes meanwhile is seen as a change.
        string seen = Stamp(word, source);
        return new ModelSlot(word, source, source.Open(RegisteredModel.PathOf(word, source.Registry)), seen);
    }

    /// <summary>Takes the model for one request; the caller lets go of it by <see cref="SharedUse.Exit"/>.</summary>
    internal ServingModel Enter()
    {
        while (true)
        {
            ServingModel model = Volatile.Read(ref _current);
            if (model.TryEnter())
                return model;
        }
    }

    /// <summary>Looks where the word leads now, and changes the model if that is another one, whole and proved.</summary>
    /// <param name="clock">Tells when to try again.</param>
    /// <param name="force">Reads the model even if nothing seems to have moved.</param>
    /// <returns>True when another model took over.</returns>
    internal bool Look(TimeProvider clock, bool force = false)
    {
        string stamp;
        try
        {
            stamp = Stamp(Word, _source);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fault = failure.Message;
            return false;
        }
        bool isDue = Fault is not null && clock.GetElapsedTime(_tried) >= _retry;
        if (stamp == _seen && !isDue && !force)
            return false;
        _retry = stamp == _seen ? TimeSpan.FromTicks(Math.Min(2 * _retry.Ticks, s_lastRetry.Ticks)) : s_firstRetry;
        (_seen, _tried) = (stamp, clock.GetTimestamp());
        try
        {
            return Take(RegisteredModel.PathOf(Word, _source.Registry));
        }
        catch (Exception failure) when (failure is ChurnException or IOException or UnauthorizedAccessException)
        {
            Fault = failure is ChurnException ours ? ours.Describe() : failure.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _current.Exit();

    private bool Take(string path)
    {
        ServingModel fresh = _source.Open(path);
        if (fresh.Version == _current.Version && fresh.ComparesAs(_current))
        {
            fresh.Exit();
            Fault = null;
            return false;
        }
        ServingModel old = _current;
        Volatile.Write(ref _current, fresh);
        Fault = null;
        Swaps++;
        old.Exit();
        return true;
    }

    // An alias stands where its file and the log say, so both are looked at; a version never changes. A nightly job leaves another population.
    private static string Stamp(string word, SlotSource source)
    {
        string model = !RegisteredModel.IsMeant(word) ? StampOf(word)
            : AliasName.IsVersion(word) ? "" : $"{StampOf(AliasFile.PathOf(source.Registry, word))} {StampOf(Path.Combine(source.Registry, AuditLog.FileName))}";
        return $"{model} {source.Population.Stamp}";
    }

    private static string StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.Length}@{file.LastWriteTimeUtc.Ticks}") : "absent";
    }
}
