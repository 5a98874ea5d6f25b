using ChurnEngine.Columns;

namespace ChurnEngine.Cli;

/// <summary>What the process tells its caller; the only place where an error becomes a number.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int GateSaidNo = 1;
    public const int Usage = 2;
    public const int BadInput = 3;
    public const int Transient = 4;
    public const int Partial = 5;
    public const int Bug = 101;
    public const int Interrupted = 130;
    /// <summary>Who reads standard output closed it: what a shell reports of a command that SIGPIPE ended.</summary>
    public const int ReaderLeft = 141;
    public const int Terminated = 143;

    /// <summary>Maps an error that ended a verb.</summary>
    public static int Of(Exception error) => error switch
    {
        ChurnGateException => GateSaidNo,
        // Nothing is wrong with the command; with room on the disk the same one works.
        ChurnException when StorageFault.IsFull(error.InnerException) => Transient,
        ChurnTransientException => Transient,
        ChurnPartialException => Partial,
        ChurnConfigException => Usage,
        ChurnDataException or ChurnModelException => BadInput,
        UnauthorizedAccessException => Usage,
        IOException => Transient,
        _ => Bug,
    };
}
