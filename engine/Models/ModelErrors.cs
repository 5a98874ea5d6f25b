using ChurnEngine.Columns;

namespace ChurnEngine.Models;

/// <summary>Every error of the model file and of the proof, in one place. CE5003 (the plan does not fit) belongs to scoring.</summary>
internal static class ModelErrors
{
    private const string ExportAgain = "copy it again from where it was exported, or export it again with `churn train`";

    public static ChurnModelException NotFound(string source) =>
        new(new(5001), $"model file '{source}' does not exist") { Hint = "check the path, or train a model with `churn train`" };

    public static ChurnModelException Empty(string source) =>
        new(new(5002), $"model file '{source}' is empty") { Hint = $"the export did not finish: {ExportAgain}" };

    public static ChurnModelException NotOnnx(string source, Exception? inner) =>
        new(new(5004), $"'{source}' is not an ONNX model", inner) { Hint = "give the model.onnx that `churn train` wrote" };

    public static ChurnModelException CutShort(string source, long bytes) =>
        new(new(5005), $"model file '{source}' is cut short, or damaged at its end")
        {
            Expected = "the seal churn.sha256 as its last bytes",
            Actual = $"{bytes} bytes without it",
            Hint = ExportAgain,
        };

    public static ChurnModelException Damaged(string source, string expected, string actual) =>
        new(new(5006), $"model file '{source}' is damaged: its content does not match the SHA-256 inside it")
        {
            Expected = expected,
            Actual = actual,
            Hint = ExportAgain,
        };

    public static ChurnModelException Foreign(string source, string producer) =>
        new(new(5007), $"'{source}' is an ONNX model of another tool")
        {
            Expected = $"producer {OnnxNames.Producer}",
            Actual = producer.Length == 0 ? "no producer name" : $"producer {producer}",
            Hint = "only models exported by ChurnEngine carry the plan and the golden rows that scoring needs",
        };

    public static ChurnModelException WrongVersion(string source, string expected, string actual) =>
        new(new(5008), $"model file '{source}' has a version this engine cannot read")
        {
            Expected = expected,
            Actual = actual,
            Hint = "read it with the engine version that wrote it, or export it again",
        };

    public static ChurnModelException Inconsistent(string source, string fault, Exception? inner = null) =>
        new(new(5009), $"model file '{source}' contradicts itself: {fault}", inner) { Hint = "its seal is intact, so it was written like this: report it, and export it again" };

    public static ChurnModelException ProofFailed(ChurnModel model, string backend, string where, (string Expected, string Actual) values) =>
        new(new(5010), $"model {Named(model)} does not reproduce its golden rows in backend '{backend}': {where}")
        {
            Expected = values.Expected,
            Actual = values.Actual,
            Hint = "do not serve it: check that the file and the runtime belong together (`churn doctor`), and export it again",
        };

    public static ChurnModelException NoGoldenRows(ChurnModel model) =>
        new(new(5011), $"model {Named(model)} has no golden rows, so it cannot prove itself") { Hint = "save it with ModelFile.Save first" };

    public static ChurnModelException Unreadable(string source, Exception inner) => inner is UnauthorizedAccessException
        ? new(new(5012), $"no permission to read model file '{source}'", inner) { Hint = "check the owner and the mode of the file and of its folders" }
        : new(new(5012), $"model file '{source}' cannot be read: {inner.Message.TrimEnd('.')}", inner) { Hint = "check the path, its links, and the disk that it is on" };

    public static ChurnModelException NotAFile(string source, PathKind kind) =>
        new(new(5012), $"model file '{source}' is {kind.InWords()}, not a file") { Hint = "give the model.onnx that `churn train` wrote" };

    public static ChurnConfigException Unwritable(string path, Exception inner) =>
        new(new(5013), $"model file '{path}' cannot be written: {inner.Message.TrimEnd('.')}", inner)
        {
            Hint = StorageFault.Hint(inner, "choose a folder that this user has permission to write to, and name a file in it"),
        };

    public static ChurnModelException PathTooLong(string name, int limit, int actual) =>
        new(new(5014), $"model '{name}' cannot be exported: runtimes would not survive loading a tree so deep")
        {
            Expected = $"at most {limit} tests from the root to a leaf",
            Actual = $"{actual}",
            Hint = "use the default profile, where a set of categories is one test, or train with fewer categories a split and less depth",
        };

    public static ChurnModelException PathTooLongIn(string source, int limit, int actual) =>
        new(new(5014), $"model file '{source}' cannot be loaded: runtimes would not survive a tree so deep")
        {
            Expected = $"at most {limit} tests from the root to a leaf",
            Actual = $"{actual}",
            Hint = "this engine never writes such a tree: get the file again from where it was trained",
        };

    public static ChurnModelException NoTensorForm(ChurnModel model, long limit, long actual) =>
        new(new(5206), $"model {Named(model)} has no tensor form, which a GPU needs: the tables of its sets of categories would be too large")
        {
            Expected = $"at most {limit} entries",
            Actual = $"{actual}",
            Hint = "score with --device cpu, or train with fewer categories a feature",
        };

    private static string Named(ChurnModel model) => model.Version.Length == 0 ? $"'{model.Metadata.ModelName}'" : $"'{model.Version}'";
}
