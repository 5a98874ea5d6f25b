using ChurnEngine.Scoring;

namespace ChurnEngine.Cli.Tests;

/// <summary>Reads what a scoring job wrote.</summary>
internal static class ScoreParts
{
    /// <summary>Key to the named columns as text; missing is null.</summary>
    public static Dictionary<string, string?[]> Read(string directory, params string[] columns)
    {
        Assert.True(File.Exists(Path.Combine(directory, "_SUCCESS")));
        return TableRows.Read(Path.Combine(directory, "part-*.parquet"), Manifest.TryRead(directory)!.Columns[0], columns);
    }
}
