using System.Globalization;
using System.Xml.Linq;

namespace ChurnEngine.Bench;

/// <summary>The results of a pipeline run as one HTML page: charts are SVG inside it, nothing is loaded from elsewhere, light or dark as the reader's system is.</summary>
internal static class PipelinePage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #fff; --ink: #1d2430; --soft: #5b6470; --grid: #dfe3e8; --size0: #9dbfe3; --size1: #3f7fc4; --size2: #1d4e89;
          --c0: #2a6fbb; --c1: #c2541a; --c2: #2e7d4f; --c3: #7b4fb0; --c4: #b3304f; --c5: #1f7f8c; --c6: #7a5c2e; --c7: #5b6470; }
        @media (prefers-color-scheme: dark) { :root { --page: #14181f; --ink: #e4e8ee; --soft: #9aa4b1; --grid: #2c333d; --size0: #35618f; --size1: #5c9be0; --size2: #b5d5f7;
          --c0: #6aa9ec; --c1: #f09355; --c2: #66c08b; --c3: #b492e6; --c4: #ee7d95; --c5: #5cc3d0; --c6: #d0aa70; --c7: #9aa4b1; } }
        body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 1180px; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; } p { margin: .2rem 0; max-width: 80ch; } .soft { color: var(--soft); }
        .charts { display: flex; flex-wrap: wrap; gap: 1rem 2rem; } figure { margin: .8rem 0; max-width: 100%; } figcaption { font-weight: 600; margin-bottom: .2rem; }
        svg { max-width: 100%; height: auto; font: 11px system-ui, sans-serif; } svg text { fill: var(--ink); } svg .tick { fill: var(--soft); } .end { text-anchor: end; } .middle { text-anchor: middle; }
        .grid { stroke: var(--grid); } .guide { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; } .line { fill: none; stroke-width: 2; }
        .size0 { fill: var(--size0); } .size1 { fill: var(--size1); } .size2 { fill: var(--size2); } .key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
        table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; } td, th { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; }
        th { color: var(--soft); font-weight: 600; } .left { text-align: left; }
        """;

    /// <summary>The whole page.</summary>
    /// <param name="run">A run of the suite "pipeline".</param>
    /// <param name="machine">Where it ran.</param>
    public static string Render(SuiteRun run, MachineInfo machine)
    {
        ResultEntry[] stages = [.. run.Entries.Where(PipelineReport.IsStage)];
        string[] names = [.. run.Entries.Select(entry => entry.Name.Split(PipelineResults.By)[0]).Distinct()];
        var body = new XElement("body",
            new XElement("h1", "The pipeline, stage by stage"),
            Soft(string.Create(CultureInfo.InvariantCulture, $"{machine.Cpu}, {machine.Cores} cores, {machine.MemoryGb} GB, {machine.InstructionSet}, {machine.Runtime}; commit {run.Commit}{(run.Dirty ? " with changes" : "")}, {run.Date}, load {run.LoadAtStart:N1} at the start")),
            run.Quick ? Soft("A quick run: it shows that all works, and supports no claim.") : null);
        if (stages.Length > 0)
            body.Add(Sizes(stages), Table(stages));
        body.Add(Growth(run, names));
        var page = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head", new XElement("meta", new XAttribute("charset", "utf-8")), new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width")),
                new XElement("title", "ChurnEngine: the pipeline, stage by stage"), new XElement("style", Style, string.Concat(Enumerable.Range(0, 8).Select(i => $" .line.c{i} {{ stroke: var(--c{i}); }} .dot.c{i}, svg text.c{i} {{ fill: var(--c{i}); }}")))),
            body);
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static IEnumerable<XElement> Sizes(ResultEntry[] stages)
    {
        string[] sizes = [.. stages.Select(PipelineReport.Customers).Distinct()];
        yield return new XElement("p", "Customers in the world:", sizes.Select((size, index) => new object[] { Key(index), size }));
        yield return new XElement("div", new XAttribute("class", "charts"),
            Figure("Seconds", Bars("Seconds of each stage", entry => entry.Seconds!.Value, PipelineReport.Number)),
            Figure("Rows a second (each stage's own rows; logarithmic)", Bars("Rows a second", entry => entry.Value, PipelineReport.Number) with { Logarithmic = true }),
            Figure("Share of the machine's limit that binds the stage (the axis ends at 100%)", Bars("Share of the limit", entry => entry.LimitShare ?? 0, value => PipelineReport.Share(value)) with { Full = 1 }),
            Figure("Peak memory of the stage's own process", Bars("Peak memory", entry => entry.PeakMemoryBytes!.Value, PipelineReport.Bytes)),
            Figure("Managed memory allocated by one round", Bars("Allocated", entry => entry.AllocatedBytes!.Value, PipelineReport.Bytes)));

        BarChart Bars(string title, Func<ResultEntry, double> value, Func<double, string> label) =>
            new(title, [.. stages.Select(entry => new ChartValue(entry.Name, PipelineReport.Customers(entry), value(entry), label(value(entry))))]);
    }

    private static XElement Table(ResultEntry[] stages) => new("div",
        new XElement("h2", "The numbers"),
        new XElement("table", Row("th", "stage", "customers", "rows", "seconds", "rows/s", "allocated", "peak memory", "of its limit", "limit", "rows are"),
            stages.Select(entry => Row("td", entry.Name, PipelineReport.Customers(entry), entry.Rows!.Value.ToString("N0", CultureInfo.InvariantCulture), PipelineReport.Number(entry.Seconds!.Value),
                PipelineReport.Number(entry.Value), PipelineReport.Bytes(entry.AllocatedBytes!.Value), PipelineReport.Bytes(entry.PeakMemoryBytes!.Value), PipelineReport.Share(entry.LimitShare), entry.Limit!, entry.Note!.Replace("rows are ", "", StringComparison.Ordinal)))));

    private static IEnumerable<XElement> Growth(SuiteRun run, string[] names)
    {
        string[] axes = [.. run.Entries.Where(entry => entry.Unit == PipelineResults.Exponent).Select(entry => entry.Name.Split(PipelineResults.By)[1]).Distinct()];
        if (axes.Length == 0)
            yield break;
        yield return new XElement("h2", "How each stage grows");
        yield return Soft("One thing grows, all else stays. Both axes are logarithmic and start at 1, so a line's steepness is its exponent; dashed is linear growth (for threads, perfect scaling).");
        yield return new XElement("div", new XAttribute("class", "charts"), axes.Select(axis => Figure($"By {Entries(axis).First().Note}", Lines(axis))));
        yield return new XElement("table", Row("th", "stage", "grows with", "exponent", "95% interval"),
            run.Entries.Where(entry => entry.Unit == PipelineResults.Exponent).Select(entry => Row("td", [.. entry.Name.Split(PipelineResults.By), PipelineReport.Number(entry.Value), PipelineReport.Range(entry.Interval)])));

        IEnumerable<ResultEntry> Entries(string axis) => run.Entries.Where(entry => entry.Name.EndsWith(PipelineResults.By + axis, StringComparison.Ordinal));

        LineChart Lines(string axis) => new($"Growth by {axis}",
        [
            .. Entries(axis).Where(entry => entry.Unit == "s").GroupBy(entry => entry.Name).Select(points => new ChartLine(points.Key.Split(PipelineResults.By)[0], $"c{Array.IndexOf(names, points.Key.Split(PipelineResults.By)[0]) % 8}",
                [.. points.Select(point => (double.Parse(point.Parameters["size"], CultureInfo.InvariantCulture), point.Value)).OrderBy(point => point.Item1)])),
        ])
        { Guide = axis == "threads" ? -1 : 1 };
    }

    private static XElement Figure(string caption, BarChart chart) => new("figure", new XElement("figcaption", caption), chart.Draw());

    private static XElement Figure(string caption, LineChart chart) => new("figure", new XElement("figcaption", caption), chart.Draw());

    private static XElement Soft(string text) => new("p", new XAttribute("class", "soft"), text);

    private static XElement Key(int index) => new("span", new XAttribute("class", "key"), new XAttribute("style", $"background: var(--size{index % 3})"), "");

    // Names to the left, numbers to the right.
    private static XElement Row(string kind, params string[] cells) =>
        new("tr", cells.Select((cell, index) => new XElement(kind, index == 0 || index >= 8 ? new XAttribute("class", "left") : null, cell)));
}
