namespace ChurnEngine.Columns.Tests.Errors;

public class SuggestionTests
{
    [Theory]
    [InlineData("lable", "label")]
    [InlineData("featrues", "features")]
    [InlineData("LABEL", "label")]
    public void For_NearMiss_NamesTheNearest(string written, string meant) =>
        Assert.Equal($"did you mean '{meant}'?", Suggestion.For(written, ["entity", "tables", "features", "label"]));

    [Fact]
    public void For_NothingClose_ListsTheKnown() =>
        Assert.Equal("known: entity, label", Suggestion.For("zzzzzz", ["entity", "label"]));
}
