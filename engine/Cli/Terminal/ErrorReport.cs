using ChurnEngine.Columns;

namespace ChurnEngine.Cli;

/// <summary>An error in the one form that the terminal, <c>--json</c> and the tests share.</summary>
internal sealed record ErrorReport(string Code, string Message, string Expected, string Actual, string Hint)
{
    /// <summary>Describes any exception; those that are not ours get a code by their kind.</summary>
    public static ErrorReport Of(Exception error) => error switch
    {
        ChurnException ours => new ErrorReport(ours.Code.ToString(), ours.Message, ours.Expected, ours.Actual, ours.Hint),
        UnauthorizedAccessException => new ErrorReport(CliErrors.NotPermitted.ToString(), error.Message.TrimEnd('.'), "", "", "name a path that this user has permission for, or change the owner or mode of that one"),
        IOException => new ErrorReport(CliErrors.FileSystem.ToString(), error.Message.TrimEnd('.'), "", "", "make room on that disk or check its mount, then run the same command again"),
        _ => new ErrorReport(CliErrors.Bug.ToString(), $"{error.GetType().Name}: {error.Message}", "", "", "this is a bug: please report it with the command line and this output"),
    };

    /// <summary>One line for standard error.</summary>
    public string ToLine()
    {
        string detail = (Expected.Length > 0 ? $": expected {Expected}" : "") + (Actual.Length > 0 ? (Expected.Length > 0 ? ", got " : ": got ") + Actual : "");
        string hint = Hint.Length > 0 ? $" Hint: {Hint}" : "";
        return $"{Code} {$"{Message}{detail}".TrimEnd('.')}.{hint}";
    }
}
