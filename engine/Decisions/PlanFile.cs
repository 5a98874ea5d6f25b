using ChurnEngine.Columns;

namespace ChurnEngine.Decisions;

/// <summary>Writes a file of a plan under a temporary name until it is whole.</summary>
public static class PlanFile
{
    /// <summary>Writes it; an older file of the name is replaced, folders on the way are made.</summary>
    /// <param name="path">File to write.</param>
    /// <param name="write">Puts the content into the stream.</param>
    /// <param name="named">File that an error names: the plan, of what lies beside it. Null: <paramref name="path"/>.</param>
    /// <remarks>Errors: ChurnConfigException CE7006 when it cannot be written; nothing of it is left then.</remarks>
    public static void Write(string path, Action<Stream> write, string? named = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            AtomicFile.Write(path, write);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw DecisionsErrors.CannotWrite(named ?? path, failure);
        }
    }

    /// <summary>Throws what <see cref="Write"/> would throw, before there is anything to write.</summary>
    public static void Probe(string path)
    {
        try
        {
            AtomicFile.Probe(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw DecisionsErrors.CannotWrite(path, failure);
        }
    }
}
