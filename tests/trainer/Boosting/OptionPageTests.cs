using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ChurnEngine.TestKit;

namespace ChurnEngine.Trainer.Tests;

/// <summary>trainer/OPTIONS.md says what the code does: its table is written from it with CHURN_WRITE_OPTIONS=1.</summary>
public partial class OptionPageTests
{
    private static readonly string s_page = Path.Combine(Repository.Root, "trainer", "OPTIONS.md");

    [Fact]
    public void Page_Table_IsThatOfTheCode()
    {
        string text = File.ReadAllText(s_page);
        if (Environment.GetEnvironmentVariable("CHURN_WRITE_OPTIONS") == "1")
            File.WriteAllText(s_page, text = TablePart().Replace(text, Table().Replace("$", "$$", StringComparison.Ordinal)));
        Assert.True(text.Contains(Table(), StringComparison.Ordinal), "trainer/OPTIONS.md has another table than the code; run this test with CHURN_WRITE_OPTIONS=1");
    }

    private static string Table()
    {
        var table = new StringBuilder("| option | what it does | default | also called |\n|---|---|---|---|\n");
        foreach (BoosterOption option in BoosterOptionTable.All)
            table.Append($"| `{option.Name}` | {option.Meaning}{(option.Expected.EndsWith("number", StringComparison.Ordinal) ? "" : $" {Capital(option.Expected)}.")} | {DefaultOf(option.Name)} | {string.Join(", ", option.Aliases.Select(alias => $"`{alias}`"))} |\n");
        return table.ToString();
    }

    private static string DefaultOf(string name)
    {
        object? value = typeof(BoosterOptions).GetProperties().Single(property => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) == name).GetValue(new BoosterOptions());
        return value switch
        {
            null when name == "objective" => "by the label",
            null => "none",
            MetricKind metric => BoosterValues.NameOf(metric),
            Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()!),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"\| option \|.*\n(\|.*\n)*")]
    private static partial Regex TablePart();
}
