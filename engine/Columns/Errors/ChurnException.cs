namespace ChurnEngine.Columns;

/// <summary>A failure that the user can act on: what was expected, what came, and what to do. Printed as one line.</summary>
/// <remarks>Only the command line and the service turn it into an exit code or a status.</remarks>
public abstract class ChurnException : Exception
{
    private protected ChurnException(ErrorCode code, string message, Exception? inner)
        : base(message, inner) => Code = code;

    /// <summary>The stable code that documentation and scripts refer to.</summary>
    public ErrorCode Code { get; }

    /// <summary>What the contract asks for; empty when the message says it all.</summary>
    public string Expected { get; init; } = "";

    /// <summary>What was found instead; empty when the message says it all.</summary>
    public string Actual { get; init; } = "";

    /// <summary>What the user can do about it.</summary>
    public string Hint { get; init; } = "";

    /// <summary>The error as the command line prints it: <c>CE2003 message: expected X, got Y. Hint: ...</c></summary>
    public string Describe()
    {
        string detail = (Expected, Actual) switch
        {
            ("", "") => "",
            (_, "") => $": expected {Expected}",
            ("", _) => $": got {Actual}",
            _ => $": expected {Expected}, got {Actual}",
        };
        return Hint.Length == 0 ? $"{Code} {Message}{detail}." : $"{Code} {Message}{detail}. Hint: {Hint}";
    }
}

/// <summary>A stable error number, written <c>CE2003</c>. The thousands digit names the stage; see engine/ERRORS.md.</summary>
/// <param name="Number">1000 to 9999.</param>
public readonly record struct ErrorCode(int Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"CE{Number:D4}";
}

/// <summary>The input data breaks its contract (exit code 3).</summary>
public sealed class ChurnDataException(ErrorCode code, string message, Exception? inner = null) : ChurnException(code, message, inner);

/// <summary>A model file is damaged, foreign or does not fit (exit code 3).</summary>
public sealed class ChurnModelException(ErrorCode code, string message, Exception? inner = null) : ChurnException(code, message, inner);

/// <summary>The configuration or a flag is wrong (exit code 2).</summary>
public sealed class ChurnConfigException(ErrorCode code, string message, Exception? inner = null) : ChurnException(code, message, inner);

/// <summary>Something passing stands in the way: the same command may succeed later (exit code 4).</summary>
public sealed class ChurnTransientException(ErrorCode code, string message, Exception? inner = null) : ChurnException(code, message, inner);

/// <summary>A part of the work is done and stays; the same command goes on from there (exit code 5).</summary>
public sealed class ChurnPartialException(ErrorCode code, string message) : ChurnException(code, message, null);

/// <summary>Nothing is broken, but a gate said no: an alarm, a drift, a quality below the floor (exit code 1).</summary>
public sealed class ChurnGateException(ErrorCode code, string message) : ChurnException(code, message, null);
