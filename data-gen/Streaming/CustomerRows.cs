using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Streaming;

/// <summary>Rows of customers.parquet: one a customer, or one a plan that a customer had.</summary>
internal sealed class CustomerRows(int customers, StreamingDrifts drifts)
{
    private readonly List<Customer> _customers = new(customers);
    private readonly List<PlanSpell> _spells = new(customers);

    public void Add(in Customer customer, List<PlanSpell> spells)
    {
        foreach (PlanSpell spell in spells)
        {
            _customers.Add(customer);
            _spells.Add(spell);
        }
    }

    public RecordBatch Build(bool byPlan)
    {
        int rows = _customers.Count;
        List<Column> columns =
        [
            ColumnFill.Values(ColumnType.Int64, rows, row => _customers[row].Id),
            ColumnFill.Instants(rows, row => _customers[row].SignupAt),
            ColumnFill.Optional(rows, row => _customers[row].Record.Age),
            ColumnFill.Texts(Vocabulary.Genders, rows, row => _customers[row].Record.Gender),
            ColumnFill.Texts(Vocabulary.RegionsOf(drifts), rows, row => _customers[row].Record.Region),
            ColumnFill.Texts(Vocabulary.Plans, rows, row => (byte)_spells[row].Plan),
            ColumnFill.Texts(Vocabulary.PaymentMethodsOf(drifts), rows, row => (int?)_customers[row].Record.PaymentMethod),
            ColumnFill.Values(ColumnType.Float64, rows, row => _spells[row].Price),
            ColumnFill.Texts(Vocabulary.ChannelsOf(drifts), rows, row => (int?)_customers[row].Record.Channel),
        ];
        if (!byPlan)
            return new RecordBatch(StreamingTables.Customers, columns, rows);
        columns.Add(ColumnFill.Instants(rows, row => _spells[row].From));
        return new RecordBatch(StreamingTables.CustomersByPlan, columns, rows);
    }
}
