using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Writes the files of a plan: Parquet where the name ends so, else CSV.</summary>
internal sealed class PlanFiles(ScoreTable table, DecisionInput input, DecisionSettings settings, long? date, IngestSession session)
{
    private const int BatchRows = 1 << 16;
    private const long MicrosPerDay = 86_400_000_000;

    private static readonly Schema s_plan = new(
        new Field("rank", ColumnType.Int32), new Field("customer_id", ColumnType.Utf8), new Field("probability", ColumnType.Float32), new Field("risk_level", ColumnType.Utf8),
        new Field("value", ColumnType.Float64), new Field("expected_value", ColumnType.Float64), new Field("action", ColumnType.Utf8), new Field("reasons", ColumnType.Utf8),
        new Field("cost", ColumnType.Float64), new Field("save_rate", ColumnType.Float64), new Field("day", ColumnType.Int32), new Field("date", ColumnType.Utf8), new Field("decision", ColumnType.Utf8));

    private static readonly Schema s_listing = new(
        new Field("customer_id", ColumnType.Utf8), new Field("probability", ColumnType.Float32), new Field("risk_level", ColumnType.Utf8), new Field("value", ColumnType.Float64),
        new Field("decision", ColumnType.Utf8), new Field("best_offer", ColumnType.Utf8), new Field("best_expected_value", ColumnType.Float64),
        new Field("action", ColumnType.Utf8), new Field("expected_value", ColumnType.Float64), new Field("day", ColumnType.Int32));

    /// <summary>Where the hold-out of a plan is written: plan.csv has plan.holdout.csv.</summary>
    public static string HoldOutOf(string plan) => Path.ChangeExtension(plan, $".holdout{Path.GetExtension(plan)}");

    /// <summary>Where the record of a plan is written.</summary>
    public static string RecordOf(string plan) => Path.ChangeExtension(plan, ".record.json");

    /// <summary>True of a name that <see cref="HoldOutOf"/> gives.</summary>
    public static bool IsHoldOut(string path) => Path.GetFileNameWithoutExtension(path).EndsWith(".holdout", StringComparison.Ordinal);

    /// <summary>Snake case, as files and --json say it.</summary>
    public static string NameOf(Decision decision) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(decision.ToString());

    /// <summary>Writes contacts or hold-outs.</summary>
    public void WriteLines(string path, ActionPlan plan, PlanLines lines, bool isHoldOut)
    {
        IEnumerable<PlanLine> all = Enumerable.Range(0, lines.Count).Select(i => Line(plan, lines, i, isHoldOut));
        if (!IsParquet(path))
        {
            ActionPlanCsv.Write(path, all);
            return;
        }
        using IBatchSink sink = session.OpenParquet(path, s_plan);
        foreach (PlanLine[] chunk in all.Chunk(BatchRows))
        {
            using var batch = new RecordBatch(s_plan,
            [
                Numbers(ColumnType.Int32, chunk, line => line.Rank), Texts(chunk, line => line.CustomerId), Numbers(ColumnType.Float32, chunk, line => line.Probability), Texts(chunk, line => line.Risk.ToText()),
                Numbers(ColumnType.Float64, chunk, line => line.Value), Numbers(ColumnType.Float64, chunk, line => line.ExpectedValue), Texts(chunk, line => line.Action), Texts(chunk, line => line.Reasons),
                Numbers(ColumnType.Float64, chunk, line => line.Cost), Numbers(ColumnType.Float64, chunk, line => line.SaveRate), Numbers(ColumnType.Int32, chunk, line => line.Day),
                Texts(chunk, line => line.Date.Length == 0 ? null : line.Date), Texts(chunk, line => line.Decision),
            ], chunk.Length);
            sink.Write(batch);
        }
        sink.Complete();
    }

    /// <summary>Writes what was decided about every customer.</summary>
    public void WriteListing(string path, ActionPlan plan)
    {
        int[] line = new int[table.Rows];
        for (int i = 0; i < plan.Contacts.Count; i++)
            line[plan.Contacts.Rows[i]] = i + 1;
        for (int i = 0; i < plan.HoldOut.Count; i++)
            line[plan.HoldOut.Rows[i]] = -1 - i;
        using IBatchSink sink = IsParquet(path) ? session.OpenParquet(path, s_listing) : session.OpenCsv(path, s_listing);
        foreach (int[] rows in Enumerable.Range(0, table.Rows).Chunk(BatchRows))
        {
            (int Offer, double Value)[] best = [.. rows.Select(row => Best(plan, row))];
            using var batch = new RecordBatch(s_listing,
            [
                Texts(rows, table.CustomerId), Numbers(ColumnType.Float32, rows, row => input.Probability[row]), Texts(rows, row => settings.Options.RiskCuts.LevelOf(input.Probability[row]).ToText()),
                Optional(rows, row => ValueOf(row)), Texts(rows, row => NameOf(plan.Decisions[row])),
                Texts(rows, row => best[row - rows[0]].Offer < 0 ? null : plan.Offers[best[row - rows[0]].Offer].Name), Optional(rows, row => best[row - rows[0]].Value),
                Texts(rows, row => line[row] > 0 ? plan.Offers[plan.Contacts.Offer[line[row] - 1]].Name : null),
                Optional(rows, row => line[row] > 0 ? plan.Contacts.ExpectedValue[line[row] - 1] : line[row] < 0 ? plan.HoldOut.ExpectedValue[-1 - line[row]] : double.NaN),
                Numbers(ColumnType.Int32, rows, row => line[row] > 0 ? plan.Contacts.Day[line[row] - 1] : 0),
            ], rows.Length);
            sink.Write(batch);
        }
        sink.Complete();
    }

    private static bool IsParquet(string path) => Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase);

    private double ValueOf(int row) => input.Value.Length == 0 ? settings.Options.Value : input.Value[row];

    private PlanLine Line(ActionPlan plan, PlanLines lines, int i, bool isHoldOut)
    {
        (int row, int day) = (lines.Rows[i], lines.Day[i]);
        Offer offer = plan.Offers[lines.Offer[i]];
        string when = date is { } first && day > 0 ? InstantText.Format((first / MicrosPerDay + day - 1) * MicrosPerDay) : "";
        return new PlanLine(i + 1, table.CustomerId(row), input.Probability[row], settings.Options.RiskCuts.LevelOf(input.Probability[row]), ValueOf(row), lines.ExpectedValue[i],
            offer.Name, table.Reasons(row), offer.Cost, lines.SaveRate[i], day, when, isHoldOut ? "hold-out: left alone to measure the effect against" : Why(plan, row, lines.Offer[i]));
    }

    private string Why(ActionPlan plan, int row, int offer)
    {
        (int best, double value) = Best(plan, row);
        int worthwhile = RatesOf(plan, row).Where((rate, j) => Earns(plan, row, j, rate) > 0).Count();
        return best != offer ? string.Create(CultureInfo.InvariantCulture, $"'{plan.Offers[best].Name}' would earn {value:0.00} and what it takes earns more elsewhere")
            : worthwhile > 1 ? $"earns most of {worthwhile} offers"
            : "the one offer that earns";
    }

    private (int Offer, double Value) Best(ActionPlan plan, int row)
    {
        (int best, double most) = (-1, double.NaN);
        double[] rates = RatesOf(plan, row);
        for (int j = 0; j < rates.Length; j++)
        {
            double value = Earns(plan, row, j, rates[j]);
            if (value > most || (best < 0 && !double.IsNaN(value)))
                (best, most) = (j, value);
        }
        return (best, most);
    }

    private double Earns(ActionPlan plan, int row, int offer, double rate) => input.Probability[row] * ValueOf(row) * rate - plan.Offers[offer].Cost;

    private double[] RatesOf(ActionPlan plan, int row) => input.SaveRates.Count > 0 ? input.SaveRates[input.Group.Length == 0 ? 0 : input.Group[row]] : _ownRates ??= [.. plan.Offers.Select(offer => offer.SaveRate)];

    private double[]? _ownRates;

    private static PrimitiveColumn<T> Numbers<TRow, T>(ColumnType type, TRow[] rows, Func<TRow, T> value) where T : unmanaged
    {
        using var builder = new PrimitiveBuilder<T>(type);
        foreach (TRow row in rows)
            builder.Append(value(row));
        return builder.Build();
    }

    // NaN is written as nothing.
    private static PrimitiveColumn<double> Optional(int[] rows, Func<int, double> value)
    {
        using var builder = new PrimitiveBuilder<double>(ColumnType.Float64);
        foreach (int row in rows)
        {
            if (double.IsNaN(value(row)))
                builder.AppendNull();
            else
                builder.Append(value(row));
        }
        return builder.Build();
    }

    private static Utf8Column Texts<TRow>(TRow[] rows, Func<TRow, string?> text)
    {
        using var builder = new Utf8Builder();
        foreach (TRow row in rows)
            builder.Append(text(row));
        return builder.Build();
    }
}
