using System.Globalization;
using System.Text;

namespace ChurnEngine.Cli.Tests;

/// <summary>Rows of a plain table with something to learn in it.</summary>
internal static class PlainRows
{
    public const string Header = "id,tenure,price,plan,Churn";

    public static string Csv(int rows)
    {
        var random = new Random(5);
        var text = new StringBuilder(Header + "\n");
        for (int row = 0; row < rows; row++)
        {
            int tenure = random.Next(1, 60);
            string plan = random.Next(3) == 0 ? "yearly" : "monthly";
            double probability = 1 / (1 + Math.Exp(tenure / 12.0 - (plan == "monthly" ? 2 : 0)));
            text.Append(CultureInfo.InvariantCulture, $"c{row},{tenure},{20 + random.Next(80)},{plan},{(random.NextDouble() < probability ? "yes" : "no")}\n");
        }
        return text.ToString();
    }
}
