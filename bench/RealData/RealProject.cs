using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench.RealData;

/// <summary>Makes a project of a real data set: its plan, its tables, and the same plan with recency as the only feature.</summary>
internal static class RealProject
{
    /// <summary>The data sets, in the order of the table.</summary>
    public static IReadOnlyList<IRealDataSet> All { get; } = [new OnlineRetail(), new Cdnow(), new StudentDropout()];

    /// <summary>Where the data lie unless told otherwise: beside the sources.</summary>
    public static string DefaultData { get; } = Path.GetFullPath(Path.Combine(SourceTree.Root, "..", "shared", "data"));

    /// <summary>Writes churn.yaml, recency.yaml and the tables.</summary>
    /// <param name="set">Which.</param>
    /// <param name="data">Folder that holds the data sets.</param>
    /// <param name="project">Folder of the project; what of it is there is written anew.</param>
    public static void Write(IRealDataSet set, string data, string project)
    {
        string source = Path.Combine(data, set.Source);
        if (!Directory.Exists(source))
            throw new BenchException($"there is no folder '{source}'", "the data are not part of the project: name the folder that holds them with --data");
        FileChanges.CreateFolder(project);
        string plan = File.ReadAllText(Path.Combine(SourceTree.Root, "bench", "RealData", set.Name, "churn.yaml"));
        AtomicFile.WriteText(Path.Combine(project, "churn.yaml"), plan);
        AtomicFile.WriteText(Path.Combine(project, "recency.yaml"), OnlyFeature(plan, set.Recency));
        set.WriteTables(source, project);
    }

    /// <summary>A plan's text without the lines of all other features. Its model goes to a file of its own.</summary>
    public static string OnlyFeature(string plan, string name)
    {
        string[] lines = [.. plan.Split('\n').Where(line => !line.TrimStart().StartsWith("- {", StringComparison.Ordinal) || line.Contains($"name: {name},", StringComparison.Ordinal))
            .Select(line => line.StartsWith("train: {", StringComparison.Ordinal) ? line.Replace("train: {", "train: { model: recency.onnx,", StringComparison.Ordinal) : line)];
        return string.Join('\n', lines);
    }

    /// <summary>Reads a project's configuration.</summary>
    public static ProjectConfig Load(string project, string file) => ProjectConfig.Load(Path.Combine(project, file));
}
