using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>The journal of a job that searches, and nothing for one that does not: its file is made when it is known that there will be trials.</summary>
internal sealed class SearchJournal : ITrialLog, IDisposable
{
    private TrialJournal? _file;

    /// <summary>Opens the file, where the job searches.</summary>
    /// <remarks>Errors: CE1143.</remarks>
    public void Open(ModelJob job)
    {
        if (job.Settings.Tune.Trials > 0)
            _file = TrialJournal.Open(job.JournalPath);
    }

    /// <inheritdoc/>
    public Trial? Find(string search, int number, double share) => _file?.Find(search, number, share);

    /// <inheritdoc/>
    public void Add(string search, Trial trial) => _file?.Add(search, trial);

    public void Dispose() => _file?.Dispose();
}
