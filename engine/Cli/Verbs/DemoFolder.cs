namespace ChurnEngine.Cli;

/// <summary>The folder of a demo: an earlier demo in it is replaced, anything else is left alone.</summary>
internal static class DemoFolder
{
    private static readonly string[] s_own = ["data", "model.onnx", "scores", "action_plan.csv", "quarantine"];

    public static void Clear(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        string? stranger = Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path)!).FirstOrDefault(name => !s_own.Contains(name));
        if (stranger is not null)
            throw CliErrors.FolderHoldsOther(directory, stranger);
        foreach (string name in s_own)
        {
            string path = Path.Combine(directory, name);
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
    }
}
