using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Decisions.Tests;

public class ActionPlanCsvTests
{
    // Readers of the first release's plans find its columns where they were.
    private const string FirstHeader = "rank,customer_id,probability,risk_level,value,expected_value,action,reasons";

    [Fact]
    public void Write_Plan_IsTheseLines()
    {
        var writer = new StringWriter();
        ActionPlanCsv.Write(writer,
        [
            Contact("c2") with { Probability = 0.875f, Risk = RiskLevel.High, Value = 1234.567, ExpectedValue = 357.0984, Action = "call" },
            Contact("c0") with { Rank = 2, Reasons = "a, \"b\"", Day = 3, Date = "2024-12-28" },
        ]);
        Assert.StartsWith(FirstHeader + ",", ActionPlanCsv.Header, StringComparison.Ordinal);
        Assert.Equal(
            FirstHeader + ",cost,save_rate,day,date,decision\r\n" +
            "1,c2,0.875000,HIGH,1234.57,357.10,call,,75.00,0.4,1,,the one offer that earns\r\n" +
            "2,c0,0.500000,MEDIUM,2000.00,325.00,contact,\"a, \"\"b\"\"\",75.00,0.4,3,2024-12-28,the one offer that earns\r\n",
            writer.ToString());
    }

    [Theory]
    [InlineData("plain", "plain"), InlineData("", ""), InlineData("a,b", "\"a,b\""), InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\""), InlineData("two\r\nlines", "\"two\r\nlines\""), InlineData(" padded", "\" padded\"")]
    [InlineData("=1+1", "'=1+1"), InlineData("+49 30", "'+49 30"), InlineData("-5", "'-5"), InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""), InlineData("\t=1", "\"'\t=1\""), InlineData("a=b", "a=b")]
    [InlineData("Grüße 你好", "Grüße 你好")]
    public void Write_AnyText_IsQuotedAndNoFormula(string id, string cell)
    {
        var writer = new StringWriter();
        ActionPlanCsv.Write(writer, [Contact(id)]);
        Assert.Equal(ActionPlanCsv.Header + "\r\n1," + cell + ",0.500000,MEDIUM,2000.00,325.00,contact,,75.00,0.4,1,,the one offer that earns\r\n", writer.ToString());
    }

    [Fact]
    public void Write_File_IsWholeUtf8AndReplacesTheOlder()
    {
        using var folder = new TemporaryDirectory();
        string path = folder["new/plan.csv"];
        ActionPlanCsv.Write(path, [Contact("first")]);
        ActionPlanCsv.Write(path, [Contact("ü")]);
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal((byte)'r', bytes[0]);
        Assert.Contains("1,ü,", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(folder["new"]));
    }

    [Fact]
    public void Write_FailureHalfway_LeavesTheOlderFileAndNoRest()
    {
        using var folder = new TemporaryDirectory();
        string path = folder.Write("plan.csv", "older");
        Assert.Throws<InvalidOperationException>(() => ActionPlanCsv.Write(path, Enumerable.Range(0, 2).Select(i => i == 0 ? Contact("a") : throw new InvalidOperationException())));
        Assert.Equal("older", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_FolderIsAFile_SaysSo()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("blocked", "a file");
        var error = Assert.Throws<ChurnConfigException>(() => ActionPlanCsv.Write(folder["blocked/plan.csv"], [Contact("a")]));
        Assert.Equal("CE7006", error.Code.ToString());
    }

    private static PlanLine Contact(string id) => new(1, id, 0.5f, RiskLevel.Medium, 2000, 325, "contact", "", 75, 0.4, 1, "", "the one offer that earns");
}
