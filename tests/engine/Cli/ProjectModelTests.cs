using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>The model of a project in other runtimes.</summary>
public sealed class ProjectModelTests(SmallProject small)
{
    [Fact]
    public void Model_InNode_GivesTheProbabilitiesOfTheScores() =>
        ForeignModels.AssertSame(small.Model, small.CompatibleModel, FeatureRows.Of(small.Model, small.Config, new DateTime(2024, 12, 26)), ScoreParts.Read(small.Scores, "probability"));

    [Fact]
    public void CompatibleModel_PassesTheOnnxChecker() => ForeignRuntimes.CheckOnnx(small.CompatibleModel);
}
