using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Features of single customers out of the online store that a name leads to at the moment. Thread-safe.</summary>
public sealed class OnlineFeatures : IDisposable
{
    private readonly string _path;
    private readonly Lock _lock = new();
    private Opened _current;

    private OnlineFeatures(string path, OnlineStore store) => (_path, _current) = (path, new Opened(store));

    /// <summary>The file.</summary>
    public string Path => _path;

    /// <summary>Why a newer file of that name is not used; null when nothing is wrong.</summary>
    public string? Fault { get; private set; }

    /// <summary>Opens the store.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3073 for a file that is none.</remarks>
    public static OnlineFeatures Open(string path) => new(System.IO.Path.GetFullPath(path), OnlineStore.Open(path));

    /// <summary>Opens the file again when another one has taken its name; one that is no store changes nothing.</summary>
    public void Look()
    {
        lock (_lock)
        {
            try
            {
                if (!_current.Store.IsReplaced)
                    return;
                var fresh = new Opened(OnlineStore.Open(_path));
                Opened old = _current;
                Volatile.Write(ref _current, fresh);
                Fault = null;
                old.Exit();
            }
            catch (Exception fault) when (fault is ChurnException or IOException or UnauthorizedAccessException)
            {
                Fault = fault is ChurnException ours ? ours.Describe() : fault.Message;
            }
        }
    }

    /// <summary>The features of a customer under a plan, and the instant they are of.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE1210 when another plan filled the store, CE3074 for a customer it does not have.</remarks>
    internal (StoredValue[] Values, long AsOf) Require(string customer, FeaturePlan plan, string version)
    {
        while (true)
        {
            Opened opened = Volatile.Read(ref _current);
            if (!opened.TryEnter())
                continue;
            try
            {
                if (opened.Store.Header.PlanHash != plan.Hash)
                    throw ServingErrors.OtherPlanInStore(version, System.IO.Path.GetFileName(_path));
                return (opened.Store.Require(customer), opened.Store.Header.AsOf);
            }
            finally
            {
                opened.Exit();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _current.Exit();

    private sealed class Opened(OnlineStore store) : SharedUse
    {
        public OnlineStore Store => store;

        private protected override void Close() => store.Dispose();
    }
}
