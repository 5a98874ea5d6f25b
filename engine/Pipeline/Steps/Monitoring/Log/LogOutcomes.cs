using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>What came of customers after predictions of a log.</summary>
internal abstract class LogOutcomes : IDisposable
{
    /// <summary>Opens the outcomes that were asked for; null where none were.</summary>
    /// <remarks>Errors: CE1221, CE1223, CE1224; what reading throws.</remarks>
    public static LogOutcomes? Open(LogRequest log, ProjectConfig? project, bool withLabels, ServedModel served, IngestSession session, StepContext context)
    {
        if (log.Outcomes is null && !withLabels)
            return null;
        if (served.Model.Metadata.Task == Models.ModelTask.Regression)
            throw LogErrors.OutcomesOfAValue(served.Model.Version);
        if (log.Outcomes is { } path)
            return OutcomeTable.Read(path, served.Plan, log.Now, session, context);
        if (project is null || served.Plan.IsTimeless)
            throw LogErrors.NoProjectLabels(served.Model.Version);
        return new ProjectOutcomes(DataLoad.Run(served.PlanOf(project), session, context), context.Cancellation);
    }

    /// <summary>In words.</summary>
    public abstract string Name { get; }

    /// <summary>Whether an outcome may be known by now.</summary>
    public abstract bool IsKnown(string customer, long asOf);

    /// <summary>[N] 1 for churn, 0 for none, NaN for no outcome.</summary>
    /// <param name="customers">[N] keys.</param>
    /// <param name="asOf">[N] instants that are known.</param>
    public abstract float[] Of(IReadOnlyList<string> customers, IReadOnlyList<long> asOf);

    public virtual void Dispose()
    {
    }

    private sealed class ProjectOutcomes(CustomerData data, CancellationToken cancellation) : LogOutcomes
    {
        private readonly CustomerOutcomes _outcomes = new(data);

        public override string Name => "outcomes of the project";

        public override bool IsKnown(string customer, long asOf) => _outcomes.IsComplete(asOf);

        public override float[] Of(IReadOnlyList<string> customers, IReadOnlyList<long> asOf) => _outcomes.Of(customers, asOf, cancellation);

        public override void Dispose()
        {
            data.Dispose();
            base.Dispose();
        }
    }

    /// <summary>A table of outcomes. One of an instant at midnight is that of all predictions of the day.</summary>
    private sealed class OutcomeTable : LogOutcomes
    {
        private const long Day = 86_400_000_000;
        private const string AsOf = "as_of";
        private readonly Dictionary<(string Customer, long AsOf), float> _churned = [];
        private readonly LabelRule? _label;
        private readonly string _path;
        private readonly long _now;

        // Of a plain table, which has no time, the customer alone counts.
        private bool IsTimeless => _label is null;

        private OutcomeTable(string path, FeaturePlan plan, long now) => (_path, _label, _now) = (path, plan.IsTimeless ? null : plan.Label, now);

        public override string Name => $"outcomes of {_path}";

        public static OutcomeTable Read(string path, FeaturePlan plan, long now, IngestSession session, StepContext context)
        {
            var table = new OutcomeTable(path, plan, now);
            var source = new TableSource { Name = "outcomes", Path = path };
            IReadOnlyList<Field> fields = session.Describe(source);
            string[] names = [.. fields.Select(field => field.Name)];
            string key = names.FirstOrDefault(name => name == plan.Entity) ?? names.FirstOrDefault(name => name is "customer" or "customer_id") ?? throw LogErrors.NotAnOutcomeTable(path, $"with the customer ({plan.Entity}, or customer)", names);
            string label = names.FirstOrDefault(name => name is "churned" or "stayed") ?? throw LogErrors.NotAnOutcomeTable(path, "churned or stayed", names);
            if (!table.IsTimeless && !names.Contains(AsOf))
                throw LogErrors.NotAnOutcomeTable(path, AsOf, names);
            bool isNumber = fields.First(field => field.Name == label).Type.IsNumeric();
            var contract = new TableContract
            {
                Columns =
                [
                    new(key, ContactHistory.KeyTypeOf(source, key, session), NotNull: true), new(label, isNumber ? ColumnType.Float64 : ColumnType.Boolean),
                    .. table.IsTimeless ? [] : new[] { new ColumnContract(AsOf, ColumnType.TimestampMicros, NotNull: true) },
                ],
            };
            foreach (RecordBatch batch in session.Read(source, contract, context.Cancellation))
            {
                using (batch)
                    table.Add(batch, label == "stayed");
            }
            context.NoteRefusals(session, null);
            return table;
        }

        public override bool IsKnown(string customer, long asOf) => (_label is null || _label.WindowAt(asOf).End <= _now) && Find(customer, asOf) is not null;

        public override float[] Of(IReadOnlyList<string> customers, IReadOnlyList<long> asOf) => [.. customers.Select((customer, i) => Find(customer, asOf[i]) ?? float.NaN)];

        private float? Find(string customer, long asOf) => _churned.TryGetValue((customer, IsTimeless ? 0 : asOf), out float churned) || _churned.TryGetValue((customer, asOf - (asOf % Day + Day) % Day), out churned) ? churned : null;

        private void Add(RecordBatch batch, bool isStayed)
        {
            for (int i = 0; i < batch.Length; i++)
            {
                // Not known yet.
                if (batch.Columns[1].IsNull(i))
                    continue;
                string customer = batch.Columns[0] is PrimitiveColumn<long> numbers ? numbers.Values[i].ToString(CultureInfo.InvariantCulture) : ((Utf8Column)batch.Columns[0]).GetString(i)!;
                bool says = batch.Columns[1] is BooleanColumn truths ? truths[i] : ((PrimitiveColumn<double>)batch.Columns[1]).Values[i] != 0;
                _churned[(customer, IsTimeless ? 0 : ((PrimitiveColumn<long>)batch.Columns[2]).Values[i])] = says != isStayed ? 1 : 0;
            }
        }
    }
}
