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

    /// <summary>Writes a part, whole or not at all; one that is there is replaced.</summary>
    /// <param name="part">What to write, 1 row and up; stays the caller's.</param>
    ManifestPart Write(ScoredPart part);

    /// <summary>The hash that <see cref="Write"/> would give, without writing there.</summary>
    /// <param name="part">A part of this job.</param>
    /// <param name="temporary">Folder for what must be written to be hashed.</param>
    string HashOf(ScoredPart part, string temporary);

    /// <summary>Whether a part of a finished job may be written anew alone; else the whole job is.</summary>
    bool RepairsParts { get; }

    /// <summary>SHA-256 of a part as it is there now, lower-case hexadecimal, made the way <see cref="Write"/> made it; null when it is not there.</summary>
    /// <param name="directory">Folder that holds the result.</param>
    /// <param name="part">Its name.</param>
    string? Hash(string directory, string part);

    /// <summary>Shows the whole result to readers, in one step, when every part is there; may be called again.</summary>
    void Seal(Manifest manifest);
}
