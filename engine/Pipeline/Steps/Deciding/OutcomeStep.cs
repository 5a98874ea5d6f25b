using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Reads back what became of a plan's customers, and measures the effect against its hold-out.</summary>
public static class OutcomeStep
{
    private sealed record Planned(string Action, bool IsContacted, double Value, double Cost, double ExpectedSaved);

    /// <summary>Joins outcomes to the plan and its hold-out, which lies beside it.</summary>
    /// <param name="outcomes">Table with the customer, <c>churned</c> or <c>stayed</c>, and, if known, <c>revenue</c>: what each brought in since.</param>
    /// <param name="plan">The plan, CSV or Parquet.</param>
    /// <param name="key">Column of the outcomes with the customer.</param>
    /// <param name="context">Budget, cancellation; warned of a split that is no random one.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE1186 to CE1188.</remarks>
    public static OutcomeReport Run(string outcomes, string plan, string key, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var session = new IngestSession(new IngestOptions { Budget = context.Budget });
        PlanRecord? record = PlanRecord.TryRead(plan);
        var planned = new Dictionary<string, Planned>(StringComparer.Ordinal);
        ReadPlan(plan, true, planned, session, context);
        string holdOut = PlanFiles.HoldOutOf(plan);
        if (File.Exists(holdOut))
            ReadPlan(holdOut, false, planned, session, context);
        else
            context.Warn("the plan has no hold-out: what would have happened without the contacts is not known. `decisions: { control: { share: 0.1 } }` leaves some alone");
        if (record is null)
            context.Warn($"'{PlanFiles.RecordOf(plan)}' is not there: the split between contacted and hold-out is not checked");
        (List<OutcomeRow> rows, bool hasRevenue) = ReadOutcomes(outcomes, key, planned, session, context);
        if (rows.Count == 0)
            throw DecideErrors.NoCommonCustomers(outcomes, plan);
        CampaignOutcome campaign = CampaignOutcome.Measure(rows, File.Exists(holdOut) ? record?.ControlShare ?? 0 : 0);
        if (campaign.IsSplitMismatched)
            context.Warn($"{campaign.Contacted.Customers:N0} contacted and {campaign.HoldOut.Customers:N0} held out cannot be one random split of {record!.ControlShare:P0} (p {campaign.SplitP:0.0e+0}): the difference between them is no effect. Were outcomes of one group lost, or the plan changed?");
        int unknown = planned.Count - rows.Count;
        if (unknown > 0)
            context.Warn($"{unknown:N0} of {planned.Count:N0} customers of the plan have no outcome and count nowhere");
        return OutcomeReport.Of(Path.GetFullPath(plan), unknown, hasRevenue, campaign);
    }

    private static void ReadPlan(string path, bool isContacted, Dictionary<string, Planned> planned, IngestSession session, StepContext context)
    {
        var source = new TableSource { Name = "plan", Path = path };
        if (new FileInfo(path) is { Exists: true, Extension: ".csv" } && File.ReadLines(path).Skip(1).FirstOrDefault() is null)
            return;
        // Nobody was contacted, or held out.
        if (Path.GetExtension(path) == ".parquet" && session.Measure(source).Rows == 0)
            return;
        string[] columns = [.. session.Describe(source).Select(field => field.Name)];
        string[] needed = ["customer_id", "action", "value", "expected_value", "cost"];
        if (needed.FirstOrDefault(name => !columns.Contains(name)) is { } lacks)
            throw DecideErrors.NotAPlan(path, lacks);
        var contract = new TableContract
        {
            Columns = [new("customer_id", ColumnType.Utf8, NotNull: true), new("action", ColumnType.Utf8), new("value", ColumnType.Float64), new("expected_value", ColumnType.Float64), new("cost", ColumnType.Float64)],
        };
        foreach (RecordBatch batch in session.Read(source, contract, context.Cancellation))
        {
            using (batch)
            {
                ReadOnlySpan<double> value = batch.Values<double>("value"), earns = batch.Values<double>("expected_value"), cost = batch.Values<double>("cost");
                for (int i = 0; i < batch.Length; i++)
                    planned[KeyOf(batch.Columns[0], i)] = new Planned(((Utf8Column)batch.Columns[1]).GetString(i) ?? "", isContacted, value[i], isContacted ? cost[i] : 0, earns[i] + cost[i]);
            }
        }
    }

    private static (List<OutcomeRow> Rows, bool HasRevenue) ReadOutcomes(string path, string key, Dictionary<string, Planned> planned, IngestSession session, StepContext context)
    {
        var source = new TableSource { Name = "outcomes", Path = path };
        IReadOnlyList<Field> fields = session.Describe(source);
        string label = fields.Select(field => field.Name).FirstOrDefault(name => name is "churned" or "stayed") ?? throw DecideErrors.NoOutcome(path, fields.Select(field => field.Name));
        bool hasRevenue = fields.Any(field => field.Name == "revenue");
        ColumnType labelType = fields.First(field => field.Name == label).Type is ColumnType.Boolean or ColumnType.Utf8 or ColumnType.Dictionary || IsText(path) ? ColumnType.Boolean : ColumnType.Float64;
        var contract = new TableContract
        {
            Columns =
            [
                new(key, ContactHistory.KeyTypeOf(source, key, session), NotNull: true),
                new(label, labelType, NotNull: true),
                .. hasRevenue ? [new ColumnContract("revenue", ColumnType.Float64)] : Array.Empty<ColumnContract>(),
            ],
        };
        var rows = new List<OutcomeRow>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (RecordBatch batch in session.Read(source, contract, context.Cancellation))
        {
            using (batch)
            {
                for (int i = 0; i < batch.Length; i++)
                {
                    string customer = KeyOf(batch.Columns[0], i);
                    if (!planned.TryGetValue(customer, out Planned? line) || !seen.Add(customer))
                        continue;
                    bool says = batch.Columns[1] is BooleanColumn truths ? truths[i] : ((PrimitiveColumn<double>)batch.Columns[1]).Values[i] != 0, stayed = says == (label == "stayed");
                    double kept = !hasRevenue ? stayed ? line.Value : 0 : batch.Columns[2].IsNull(i) ? 0 : ((PrimitiveColumn<double>)batch.Columns[2]).Values[i];
                    rows.Add(new OutcomeRow(line.Action, line.IsContacted, stayed, kept, line.Cost, line.ExpectedSaved));
                }
            }
        }
        context.NoteRefusals(session, null);
        return (rows, hasRevenue);
    }

    private static bool IsText(string path) => Path.GetExtension(path) is not (".parquet" or ".arrow" or ".feather");

    // A plan guards texts that a spreadsheet would run with an apostrophe.
    private static string KeyOf(Column keys, int row)
    {
        if (keys is PrimitiveColumn<long> numbers)
            return numbers.Values[row].ToString(CultureInfo.InvariantCulture);
        string text = ((Utf8Column)keys).GetString(row)!;
        return text is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? text[1..] : text;
    }
}
