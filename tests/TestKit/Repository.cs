using System.Reflection;
using Xunit;

namespace ChurnEngine.TestKit;

/// <summary>Where the project and the data beside it are.</summary>
public static class Repository
{
    /// <summary>The folder that holds ChurnEngine.sln.</summary>
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>A real data set from ../shared/data; skips the test, saying why, where it is absent.</summary>
    /// <param name="relativePath">For example "telco_ibm/WA_Fn-UseC_-Telco-Customer-Churn.csv".</param>
    public static string SharedData(string relativePath)
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", relativePath));
        Assert.SkipUnless(Path.Exists(path), $"needs ../shared/data/{relativePath}, which is absent");
        return path;
    }
}
