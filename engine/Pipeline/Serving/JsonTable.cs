using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Turns the JSON rows of one table of a plan into columns. Immutable, thread-safe.</summary>
internal sealed class JsonTable
{
    // How the systems that send events call the two columns that every event has.
    private static readonly string[] s_times = ["timestamp", "ts", "time"], s_kinds = ["event", "page", "type", "event_type", "kind"];
    private readonly PlanTable _table;
    private readonly Field[] _fields;
    private readonly Schema _schema;
    private readonly string[][] _names;
    private readonly bool[] _isInstant;
    private readonly string? _instant;
    private readonly int _instantColumn;

    /// <param name="plan">The plan.</param>
    /// <param name="table">One of its tables.</param>
    public JsonTable(FeaturePlan plan, PlanTable table)
    {
        _table = table;
        _fields = [.. LiveCustomer.ColumnsOf(plan, table.Name)];
        _schema = new Schema(_fields);
        _instant = table.Time ?? table.ValidFrom;
        _instantColumn = Array.FindIndex(_fields, field => field.Name == _instant);
        _names = [.. _fields.Select(field => NamesOf(field.Name))];
        _isInstant = [.. _fields.Select(field => field.Type == ColumnType.TimestampMicros || (field.Type == ColumnType.Int64 && table.TimeUnit != TimeUnit.None))];
    }

    /// <summary>Name in the plan.</summary>
    public string Name => _table.Name;

    /// <summary>True of a table of events; false of one of attributes.</summary>
    public bool HasEvents => _table.Time is not null;

    /// <summary>Columns that are read, the key left out.</summary>
    public IEnumerable<string> Columns => _fields.Select(column => column.Name).Where(name => name != _table.Key);

    /// <summary>Reads rows.</summary>
    /// <param name="rows">An object, or a list of objects; properties that the plan does not read are passed over.</param>
    /// <param name="customer">Key of all of them; a row that names another is refused.</param>
    /// <param name="place">Where the rows stand, for errors.</param>
    /// <param name="most">Rows at most.</param>
    /// <returns>The rows; the caller disposes them.</returns>
    /// <remarks>An instant at which a row became known that is not there is that of the row itself. Errors: <see cref="ChurnDataException"/> CE1203, CE1204, CE1211, CE1212.</remarks>
    public RecordBatch Read(JsonElement rows, string customer, string place, int most)
    {
        bool isOne = rows.ValueKind == JsonValueKind.Object;
        if (!isOne && rows.ValueKind != JsonValueKind.Array)
            throw ServingErrors.BadValue(place, "a list of objects, or one object", JsonCells.Show(rows));
        int count = isOne ? 1 : rows.GetArrayLength();
        if (count > most)
            throw ServingErrors.TooMany($"rows under '{place}'", most, count);
        ColumnBuilder[] builders = [.. _fields.Select(Builder)];
        try
        {
            if (isOne)
                Append(builders, rows, new JsonRow(_names), (customer, place));
            else
                AppendAll(builders, rows, customer, place);
            return new RecordBatch(_schema, [.. builders.Select(builder => builder.Build())], count);
        }
        finally
        {
            foreach (ColumnBuilder builder in builders)
                builder.Dispose();
        }
    }

    private void AppendAll(ColumnBuilder[] builders, JsonElement rows, string customer, string place)
    {
        int row = 0;
        var cells = new JsonRow(_names);
        foreach (JsonElement item in rows.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw ServingErrors.BadValue($"{place}[{row}]", "an object", JsonCells.Show(item));
            try
            {
                Append(builders, item, cells, (customer, place));
            }
            catch (ChurnDataException fault) when (fault.Code.Number is 1203 or 1204 or 1212)
            {
                throw ServingErrors.InRow(fault, place, row);
            }
            row++;
        }
    }

    private void Append(ColumnBuilder[] builders, JsonElement row, JsonRow cells, (string Customer, string Place) of)
    {
        cells.Read(row);
        for (int column = 0; column < builders.Length; column++)
        {
            JsonElement value = cells[column];
            string name = _names[column][0];
            if (name == _table.Key)
                AppendKey((Utf8Builder)builders[column], value, of.Customer, of.Place);
            else if (_isInstant[column])
                AppendInstant((PrimitiveBuilder<long>)builders[column], value.IsNothing() && name == _table.Known ? cells[_instantColumn] : value, name);
            else if (value.IsNothing())
                builders[column].AppendNull();
            else if (builders[column] is PrimitiveBuilder<double> numbers)
                numbers.Append(JsonCells.Number(value, name));
            else
                JsonCells.AppendText((Utf8Builder)builders[column], value, name);
        }
    }

    private static void AppendKey(Utf8Builder builder, JsonElement value, string customer, string place)
    {
        if (!value.IsNothing() && JsonCells.Key(value, place) is var key && key != customer)
            throw ServingErrors.OtherCustomer(place, customer, key);
        builder.Append(customer);
    }

    private void AppendInstant(PrimitiveBuilder<long> builder, JsonElement value, string name)
    {
        if (!value.IsNothing())
            builder.Append(JsonCells.Instant(value, _table.TimeUnit, name));
        else if (name == _instant || name == _table.Known)
            throw ServingErrors.Missing(_instant!, "the instant of the row: ISO 8601, or a number");
        else
            builder.AppendNull();
    }

    private string[] NamesOf(string column) => column == _table.Time ? [column, .. s_times.Where(name => name != column)]
        : column == _table.Kind ? [column, .. s_kinds.Where(name => name != column)]
        : [column];

    private static ColumnBuilder Builder(Field field) => field.Type switch
    {
        ColumnType.Utf8 => new Utf8Builder(),
        ColumnType.Float64 => new PrimitiveBuilder<double>(ColumnType.Float64),
        _ => new PrimitiveBuilder<long>(field.Type),
    };
}
