namespace ChurnEngine.Scoring;

/// <summary>Where the rows of a job's parts go: files of its folder, or rows of a database. Parts of several partitions may be written at the same time.</summary>
/// <remarks>The folder's own files (job, manifest, run, <c>_SUCCESS</c>) are <see cref="OutputFolder"/>'s, whatever the output.
/// Errors of every member: <see cref="Columns.ChurnConfigException"/> and <see cref="Columns.ChurnTransientException"/> when the place cannot be read or written.</remarks>
internal interface IPartOutput : IDisposable
{
    /// <summary>Name of a partition's part, as the manifest lists it.</summary>
    string PartName(int partition);

    /// <summary>Called once, when the folder is the job's: parts are looked for and written from now on.</summary>
    /// <param name="directory">Folder in which the job's result grows (<see cref="OutputFolder.WorkDirectory"/>).</param>
    void Begin(string directory);

    /// <summary>True when the part is there, whole, and of this very job.</summary>
    bool IsThere(int partition);

    /// <summary>What the output itself remembers of a part that is there; null where only its rows tell.</summary>
    ManifestPart? Recall(int partition);

    /// <summary>Writes a part, whole or not at all; one that is there is replaced.</summary>
    /// <param name="partition">Its number.</param>
    /// <param name="rows">What to write; stays the caller's.</param>
    ManifestPart Write(int partition, ScoredPartition rows);

    /// <summary>SHA-256 of a part as it is there now, lower-case hexadecimal, made the way <see cref="Write"/> made it; null when it is not there.</summary>
    /// <param name="directory">Folder that holds the result.</param>
    /// <param name="part">Its name.</param>
    string? Hash(string directory, string part);

    /// <summary>Takes a part away, so that it counts as missing; one that is not there is no error.</summary>
    void Remove(string directory, string part);

    /// <summary>Shows the whole result to readers, in one step, when every part is there; may be called again.</summary>
    void Seal(Manifest manifest);
}
