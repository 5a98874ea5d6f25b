using System.Globalization;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints metrics by name, one set or two side by side.</summary>
internal static class MetricTable
{
    private static readonly (string Key, string Name)[] s_shown =
    [
        ("roc_auc", "ROC-AUC"), ("pr_auc", "PR-AUC"), ("log_loss", "log-loss"), ("brier", "Brier"), ("ece", "ECE"),
        ("precision", "precision"), ("recall", "recall"), ("f1", "F1"), ("threshold", "at threshold"), ("precision_at_10", "precision at 10%"), ("lift_at_10", "lift at 10%"),
        ("rmse", "RMSE"), ("naive_rmse", "RMSE of the mean"), ("mae", "MAE"), ("naive_mae", "MAE of the mean"), ("r2", "R2"), ("spearman", "Spearman"),
    ];

    public static void Print(IAnsiConsole console, IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, double>? beside = null, string besideName = "")
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("metric").AddColumn(new TableColumn("model").RightAligned());
        if (beside is not null)
            table.AddColumn(new TableColumn(besideName).RightAligned());
        foreach ((string key, string name) in s_shown)
        {
            if (!metrics.TryGetValue(key, out double value))
                continue;
            string shown = Format(value) + (key == "roc_auc" && metrics.TryGetValue("roc_auc_low", out double low) ? $" ({Format(low)} to {Format(metrics["roc_auc_high"])})" : "");
            if (beside is null)
                table.AddRow(name, shown);
            else
                table.AddRow(name, shown, beside.TryGetValue(key, out double other) ? Format(other) : "");
        }
        console.Write(table);
    }

    private static string Format(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
