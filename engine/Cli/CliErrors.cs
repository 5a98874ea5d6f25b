using ChurnEngine.Columns;

namespace ChurnEngine.Cli;

/// <summary>Errors of the command line itself.</summary>
internal static class CliErrors
{
    /// <summary>The system refused access; the exception is the runtime's own.</summary>
    public static readonly ErrorCode NotPermitted = new(1010);

    /// <summary>The file system failed; the exception is the runtime's own.</summary>
    public static readonly ErrorCode FileSystem = new(1011);

    /// <summary>Nobody foresaw it.</summary>
    public static readonly ErrorCode Bug = new(9001);

    public static ChurnConfigException BadOption(string option, string expected, string actual) =>
        new(new ErrorCode(1001), $"{option} is not usable") { Expected = expected, Actual = $"'{actual}'", Hint = "see --help" };

    public static ChurnConfigException UnknownVerb(string written, IEnumerable<string> verbs) =>
        new(new ErrorCode(1002), $"unknown verb '{written}'") { Hint = $"{Suggestion.Sentence(written, verbs)} `churn --help` lists the verbs" };

    public static ChurnConfigException FolderHoldsOther(string directory, string stranger) =>
        new(new ErrorCode(1007), $"folder '{directory}' holds '{stranger}', which no demo made") { Hint = "choose another --out; nothing was touched" };

    public static ChurnTransientException FolderInUse(string directory) =>
        new(new ErrorCode(1008), $"another demo is being written into '{directory}'") { Hint = "wait for it to end, or choose another --out" };

    public static ChurnConfigException FolderNotWritable(string directory, Exception inner) =>
        new(new ErrorCode(1009), $"folder '{directory}' cannot be written", inner)
        {
            Actual = inner.Message.TrimEnd('.'),
            Hint = StorageFault.Hint(inner, "name a folder with --out that this user has permission to write to"),
        };

    public static ChurnDataException DemoDataRefused(string problem) =>
        new(new ErrorCode(9101), $"the generated world was refused: {problem}") { Hint = "this is a bug: please report it with the seed" };

    public static ChurnConfigException UnknownOption(string written, string verb, IEnumerable<string> options) =>
        new(new ErrorCode(1006), $"`churn {verb}` does not know '{written}'") { Hint = $"{Suggestion.Sentence(written, options)} `churn {verb} --help` lists its options" };

    public static ChurnConfigException BadCommandLine(string message) =>
        new(new ErrorCode(1003), message) { Hint = "the verb's --help lists its options" };

    public static ChurnConfigException NeitherConfigNorTable() =>
        new(new ErrorCode(1004), "no input was named") { Expected = "--config FILE, a churn.yaml in this folder, or --table FILE", Hint = "`churn generate --out demo-data` makes an example with a churn.yaml" };

    public static ChurnConfigException MissingOption(string option, string why) =>
        new(new ErrorCode(1005), $"{option} is needed {why}") { Hint = "see --help for an example" };
}
