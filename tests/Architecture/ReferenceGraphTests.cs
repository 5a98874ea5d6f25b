using ChurnEngine.TestKit;

namespace ChurnEngine.Architecture.Tests;

/// <summary>Data moves one way: holds the arrows of design.md section 2. A new arrow is a decision, made there first.</summary>
public class ReferenceGraphTests
{
    private const string OnnxRuntime = "Microsoft.ML.OnnxRuntime";

    // Columns, the common vocabulary, is open to all and not repeated.
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Columns"] = [],
        ["Ingest"] = [],
        ["Features"] = ["Ingest"],
        ["Evaluation"] = [],
        ["Models"] = [],
        [OnnxRuntime] = [],
        ["OnnxBackend"] = ["Models", OnnxRuntime],
        ["Trainer"] = ["Features", "Evaluation", "Models"],
        ["Explain"] = ["Features", "Models"],
        ["Scoring"] = ["Features", "Models", "Explain"],
        ["Audit"] = ["Features", "Evaluation"],
        ["Decisions"] = ["Explain", "Evaluation"],
        ["Monitoring"] = ["Features", "Evaluation", "Models"],
        ["Registry"] = ["Models", "Evaluation"],
        ["Reporting"] = ["Evaluation"],
        ["Pipeline"] = ["Ingest", "Features", "Evaluation", "Models", "Trainer", "Explain", "Scoring", "Audit", "Decisions", "Monitoring", "Registry", "Reporting", "Telemetry"],
        ["Telemetry"] = [],
        ["Service"] = ["Pipeline", "OnnxBackend", "Models", "Telemetry"],
        ["Cli"] = ["Service", "Pipeline", "OnnxBackend", "Models", "Telemetry", "DataGen"],
        ["DataGen"] = ["Ingest"],
    };

    private static readonly string[] UnsafeAllowed = ["Columns", "Ingest", "Features", "Trainer", "Models", "OnnxBackend", OnnxRuntime, "Scoring"];

    public static TheoryData<string> Projects => [.. SourceProject.All.Select(p => p.Name)];

    [Fact]
    public void Projects_AreFound_AndNamesAreUnique()
    {
        Assert.Superset(new HashSet<string> { "Columns", "Models", "Evaluation", "Explain", "Decisions", "Audit" }, SourceProject.All.Select(p => p.Name).ToHashSet());
        Assert.Distinct(SourceProject.All.Select(p => p.Name));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_AreDrawnInTheDesign(string name)
    {
        Assert.True(Arrows.TryGetValue(name, out string[]? allowed), $"design.md section 2 has no project '{name}': draw it there, then here");
        string[] notDrawn = [.. Find(name).References.Except([.. allowed, "Columns"])];
        Assert.True(notDrawn.Length == 0, $"{name} -> {string.Join(", ", notDrawn)} is not drawn in design.md section 2; allowed: {string.Join(", ", allowed)}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_PackageOnnxRuntime_IsKnownToOnnxBackendAlone(string name) =>
        Assert.True(name == "OnnxBackend" || !Find(name).Packages.Any(p => p.StartsWith(OnnxRuntime, StringComparison.Ordinal)), $"{name} must reach ONNX Runtime through IModelBackend");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_UnsafeCode_LivesWhereMemoryOrIntrinsicsDo(string name) =>
        Assert.True(!Find(name).AllowsUnsafe || UnsafeAllowed.Contains(name), $"{name} must not allow unsafe blocks; only {string.Join(", ", UnsafeAllowed)} may");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_IsInTheSolution(string name)
    {
        string solution = SourceProject.Text("ChurnEngine.sln").Replace('\\', '/');
        Assert.True(solution.Contains($"\"{Find(name).RelativePath}\"", StringComparison.Ordinal), $"run `dotnet sln add {Find(name).RelativePath}`");
    }

    [Fact]
    public void TestProjects_AreInTheSolution()
    {
        string solution = SourceProject.Text("ChurnEngine.sln").Replace('\\', '/');
        string[] missing =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.csproj", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
                .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal) && !solution.Contains($"\"{file}\"", StringComparison.Ordinal)),
        ];
        Assert.True(missing.Length == 0, $"`dotnet test` would not run {string.Join(", ", missing)}: dotnet sln add");
    }

    // The graph itself: an arrow back would be drawn here before it failed to build.
    [Fact]
    public void Arrows_HaveNoCycle_AndNameOnlyProjectsOfTheDesign()
    {
        Assert.Empty(Arrows.Values.SelectMany(targets => targets).Except(Arrows.Keys));
        Assert.All(Arrows.Keys, project => Assert.False(Reaches(project, project), $"{project} reaches itself"));

        static bool Reaches(string from, string to) => Arrows[from].Any(next => next == to || Reaches(next, to));
    }

    private static SourceProject Find(string name) => SourceProject.All.Single(p => p.Name == name);
}
