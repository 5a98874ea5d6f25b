namespace ChurnEngine.Columns;

/// <summary>Tells a full disk from a wrong path: the one passes, the other does not.</summary>
public static class StorageFault
{
    private const int TooLarge = 27, NoSpace = 28, OverQuota = 122;

    private static readonly string[] s_texts = ["No space left on device", "File too large", "Disk quota exceeded"];

    /// <summary>What to do about a file that could not be written.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="otherwise">What helps when the disk is not full.</param>
    public static string Hint(Exception? fault, string otherwise) => IsFull(fault) ? "make room on that disk, then run the same command again" : otherwise;

    /// <summary>True when something behind the error is a disk, quota or file size limit that is used up.</summary>
    /// <param name="fault">The error; null is none.</param>
    /// <remarks>The native libraries report it as text, the runtime by number.</remarks>
    public static bool IsFull(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is IOException && fault.HResult is TooLarge or NoSpace or OverQuota)
                return true;
            string message = fault.Message;
            if (Array.Exists(s_texts, text => message.Contains(text, StringComparison.Ordinal)))
                return true;
        }
        return false;
    }
}
