namespace ChurnEngine.Pipeline.Tests;

public sealed class RetrainSettingsTests
{
    [Theory]
    [InlineData("never", RetrainKind.Never, 0)]
    [InlineData("alarm", RetrainKind.Alarms, 0)]
    [InlineData("alarms", RetrainKind.Alarms, 0)]
    [InlineData("always", RetrainKind.Always, 0)]
    [InlineData("weekly", RetrainKind.Age, 7)]
    [InlineData("age:30d", RetrainKind.Age, 30)]
    [InlineData("age:30", RetrainKind.Age, 30)]
    public void TryParse_EveryForm_IsRead_AndWrittenAsItIsReadAgain(string text, RetrainKind kind, int days)
    {
        RetrainCondition? read = RetrainCondition.TryParse(text);
        Assert.Equal(new RetrainCondition(kind, days), read);
        Assert.Equal(read, RetrainCondition.TryParse(read!.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Always")]
    [InlineData("age:")]
    [InlineData("age:0d")]
    [InlineData("age:-1d")]
    [InlineData("age:4w")]
    [InlineData("age:99999999999d")]
    public void TryParse_AnythingElse_IsNone(string text) => Assert.Null(RetrainCondition.TryParse(text));

    [Theory]
    [InlineData(CycleStages.Validate)]
    [InlineData(CycleStages.Audit)]
    [InlineData(CycleStages.Train)]
    [InlineData(CycleStages.Score)]
    [InlineData(CycleStages.Decide)]
    [InlineData(CycleStages.Monitor)]
    [InlineData(CycleStages.Retrain)]
    public void Stages_NeedEarlierOnes_AndFeedLaterOnes(string stage)
    {
        int at = CycleStages.IndexOf(stage);
        Assert.InRange(at, 0, CycleStages.All.Count - 1);
        Assert.All(CycleStages.Needs(stage), needed => Assert.InRange(CycleStages.IndexOf(needed), 0, at - 1));
        Assert.All(CycleStages.Feeds(stage), fed => Assert.InRange(CycleStages.IndexOf(fed), at + 1, CycleStages.All.Count - 1));
    }
}
