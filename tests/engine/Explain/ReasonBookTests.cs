using ChurnEngine.Columns;

namespace ChurnEngine.Explain.Tests;

public class ReasonBookTests
{
    [Theory]
    [InlineData(0, 23f, "days since play: 23, usual is 3")]
    [InlineData(2, 0f, "plays in 30 days: 0, usual is 9.5")]
    [InlineData(3, 1f, "region: south, coast")]
    [InlineData(4, 12.5f, "spend in 30 days: 12.50 EUR, usual is 20 EUR")]
    [InlineData(5, float.NaN, "age is not known")]
    public void Sentence_WithoutTemplate_SaysValueWindowAndWhatIsUsual(int feature, float value, string expected) => Assert.Equal(expected, ReasonBooks.Sentence(ReasonBooks.Of(), feature, value));

    [Fact]
    public void Sentence_OfAPlainModel_HasNoUsual() =>
        Assert.Equal("plays 30d: 2", ReasonBooks.Sentence(new ReasonBook(ReasonBooks.Features, [], [], ReasonRules.Default), 2, 2));

    [Fact]
    public void Template_EveryPlaceholder_IsFilled_AndANameCountsBeforeAPattern()
    {
        ReasonBook book = ReasonBooks.Of(new ReasonRules
        {
            Templates = [new("p*", "{value} of {subject}"), new("plays_30d", "{value} plays in {window} ({feature}), usual is {usual}: {direction} the risk"), new("spend_*", "{value} in {unit}, usual {usual}"), new("region", "lives in {value}, most in {usual}")],
        });
        Assert.Equal("2 plays in 30 days (plays_30d), usual is 9.5: lowers the risk", ReasonBooks.Sentence(book, 2, 2, ReasonDirection.Lowers));
        Assert.Equal("3 of plays", ReasonBooks.Sentence(book, 1, 3));
        Assert.Equal("12.50 in EUR, usual 20", ReasonBooks.Sentence(book, 4, 12.5f));
        Assert.Equal("lives in north, most in south, coast", ReasonBooks.Sentence(book, 3, 0));
        Assert.Equal("plays is not known", ReasonBooks.Sentence(book, 2, float.NaN));
    }

    [Fact]
    public void Families_RulesComeBeforeThePlan_AndThePlanBeforeTheRows()
    {
        ReasonBook book = ReasonBooks.Of();
        Assert.Equal(book.FamilyOf(0), book.FamilyOf(2));
        Assert.NotEqual(book.FamilyOf(2), book.FamilyOf(4));
        book = ReasonBooks.Of(new ReasonRules { Families = [new("money", ["spend_*", "plays_30d"])] });
        Assert.Equal("money", book.FamilyName(book.FamilyOf(2)));
        Assert.Equal(book.FamilyOf(2), book.FamilyOf(4));
        Assert.Equal(book.FamilyOf(0), book.FamilyOf(1));
        // Without families of their own, features of the same rows are one.
        FeatureInfo[] bare = [.. ReasonBooks.Features.Select(feature => feature with { Family = "" })];
        book = new ReasonBook(bare, ReasonBooks.Facts, [], ReasonRules.Default);
        Assert.Equal(book.FamilyOf(1), book.FamilyOf(2));
        Assert.NotEqual(book.FamilyOf(0), book.FamilyOf(1));
    }

    [Fact]
    public void Rules_ThatDoNotFit_AreRefusedWithWhatWasMeant()
    {
        Refused(6201, "did you mean 'plays_30d'", new ReasonRules { Templates = [new("plays_30", "{value}")] });
        Refused(6201, "did you mean 'age'", new ReasonRules { Sensitive = ["agee"] });
        Refused(6202, "did you mean 'usual'", new ReasonRules { Templates = [new("age", "{value}, {usal}")] });
        Refused(6202, "did you mean 'value'", new ReasonRules { Templates = [new("*", "{valeu}")] });
        Refused(6203, "close every", new ReasonRules { Templates = [new("age", "{value")] });
        Refused(6203, "close every", new ReasonRules { Templates = [new("age", " ")] });
        Refused(6204, "take it out", new ReasonRules { Families = [new("a", ["plays_*"]), new("b", ["plays_30d"])] });
    }

    [Fact]
    public void Identity_ChangesWithEveryRule_AndIsEmptyWithout()
    {
        Assert.Equal("", ReasonRules.Default.Identity);
        string[] all = [.. ((ReasonRules[])[new() { Templates = [new("age", "x")] }, new() { Templates = [new("age", "y")] }, new() { Families = [new("age", ["x"])] }, new() { Sensitive = ["age"] }]).Select(rules => rules.Identity)];
        Assert.Distinct(all);
    }

    private static void Refused(int code, string hint, ReasonRules rules)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => ReasonBooks.Of(rules));
        Assert.Equal(code, error.Code.Number);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }
}
