namespace ChurnEngine.Columns.Tests.Errors;

public class ChurnExceptionTests
{
    [Theory]
    [InlineData("", "", "", "CE2003 no such file.")]
    [InlineData("a", "", "", "CE2003 no such file: expected a.")]
    [InlineData("", "b", "", "CE2003 no such file: got b.")]
    [InlineData("a", "b", "look again", "CE2003 no such file: expected a, got b. Hint: look again")]
    public void Describe_Parts_AreOneLine(string expected, string actual, string hint, string line) =>
        Assert.Equal(line, new ChurnDataException(new ErrorCode(2003), "no such file") { Expected = expected, Actual = actual, Hint = hint }.Describe());

    [Fact]
    public void ErrorCode_SmallNumber_HasFourDigits() => Assert.Equal("CE0042", new ErrorCode(42).ToString());
}
