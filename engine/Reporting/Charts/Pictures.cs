using System.Globalization;
using System.Xml.Linq;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting;

/// <summary>Pictures that are no plot of lines or bars.</summary>
internal static class Pictures
{
    /// <summary>Scores by outcome, as shares of each outcome's rows, so that the rare one shows.</summary>
    public static XElement Histogram(ScoreHistogram histogram, double threshold)
    {
        const double Width = 420, Height = 300, Left = 52, Right = 14, Top = 12, Bottom = 44;
        int bins = histogram.Negatives.Length;
        double stay = Math.Max(1, histogram.Negatives.Sum()), leave = Math.Max(1, histogram.Positives.Sum());
        // Beyond the last row of either there is nothing to see.
        int last = Enumerable.Range(0, bins).Last(bin => bin == 0 || histogram.Negatives[bin] + histogram.Positives[bin] > 0);
        var across = Axis.Over("predicted probability", [Math.Max((last + 1.0) / bins, threshold)], isShare: true);
        var up = Axis.Over("share of each outcome", histogram.Negatives.Select(count => count / stay).Concat(histogram.Positives.Select(count => count / leave)), isShare: true);
        double X(double value) => Left + across.At(value) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - up.At(value) * (Height - Top - Bottom);
        XElement picture = Svg.Picture(Width, Height + 18, "Scores by outcome");
        foreach (double tick in across.Ticks())
            picture.Add(Svg.Text(X(tick), Height - Bottom + 15, across.Text(tick), "tick middle"));
        foreach (double tick in up.Ticks())
            picture.Add(Svg.Line(Left, Y(tick), Width - Right, Y(tick), "grid"), Svg.Text(Left - 6, Y(tick) + 4, up.Text(tick), "tick end"));
        for (int bin = 0; bin <= last; bin++)
        {
            double from = X((double)bin / bins), wide = (X((bin + 1.0) / bins) - from) / 2;
            picture.Add(Column(from, wide, histogram.Negatives[bin] / stay, $"stayed: {histogram.Negatives[bin]}", "stay"), Column(from + wide, wide, histogram.Positives[bin] / leave, $"left: {histogram.Positives[bin]}", "leave"));
        }
        picture.Add(Svg.Line(X(threshold), Top, X(threshold), Height - Bottom, "guide"), Svg.Text(X(threshold) + 5, Top + 12, string.Create(CultureInfo.InvariantCulture, $"threshold {threshold:0.###}"), "tick"));
        picture.Add(Svg.Text((Left + Width - Right) / 2, Height - Bottom + 33, across.Name, "tick middle"));
        picture.Add(Svg.Rectangle(Left, Height, 12, 12, "stay"), Svg.Text(Left + 18, Height + 10, "stayed"), Svg.Rectangle(Left + 80, Height, 12, 12, "leave"), Svg.Text(Left + 98, Height + 10, "left"));
        return picture;

        XElement Column(double x, double width, double share, string tip, string style) => Svg.Rectangle(x, Y(share), Math.Max(0.5, width - 0.5), Height - Bottom - Y(share), style).Tip(tip);
    }

    /// <summary>The four cells at the threshold.</summary>
    public static XElement Cells(Confusion cells)
    {
        const double Width = 420, Height = 300, Left = 82, Top = 44, Box = 162, Low = 118;
        double all = Math.Max(1, cells.TruePositives + cells.FalsePositives + cells.FalseNegatives + cells.TrueNegatives);
        XElement picture = Svg.Picture(Width, Height, "Decisions at the threshold");
        picture.Add(Svg.Text(Left + Box / 2, 32, "flagged", "middle strong"), Svg.Text(Left + Box * 1.5 + 6, 32, "not flagged", "middle strong"));
        picture.Add(Svg.Text(Left - 8, Top + Low / 2 + 4, "left", "end strong"), Svg.Text(Left - 8, Top + Low * 1.5 + 10, "stayed", "end strong"));
        Cell(0, 0, cells.TruePositives, "rightly flagged", "good");
        Cell(1, 0, cells.FalseNegatives, "missed", "bad");
        Cell(0, 1, cells.FalsePositives, "false alarms", "bad");
        Cell(1, 1, cells.TrueNegatives, "rightly left alone", "good");
        return picture;

        void Cell(int column, int row, long count, string meaning, string style)
        {
            double x = Left + column * (Box + 6), y = Top + row * (Low + 6), middle = x + Box / 2;
            picture.Add(Svg.Rectangle(x, y, Box, Low, style), Svg.Text(middle, y + 56, count.ToString("N0", CultureInfo.InvariantCulture), "big middle"),
                Svg.Text(middle, y + 78, meaning, "middle"), Svg.Text(middle, y + 96, string.Create(CultureInfo.InvariantCulture, $"{100 * count / all:0.0}% of all"), "tick middle"));
        }
    }
}
