namespace ChurnEngine.Matrix.Tests;

/// <summary>Delimited text whose form is right and whose values are not: numbers, times, keys, and a plain table to score or train on.</summary>
internal static class CsvValueInputs
{
    private const int Customer = 0, At = 1, Amount = 3;

    public static IEnumerable<BadInput> All => [.. Numbers, .. NotFinite, .. Times, .. Keys, .. PlainTables];

    private static IEnumerable<BadInput> Numbers =>
    [
        Events("text in every number", Samples.Events.Cells(Amount, "lots"), 3, "CE2007") with { Names = ["events.csv", "row 1", "'amount'", "'lots'"] },
        Events("text in one number", Samples.Events.Cell(7, Amount, "lots"), 199),
        Strict("text in one number, no bad row allowed", Samples.Events.Cell(7, Amount, "lots"), "CE2008") with { Names = ["events.csv", "row 7", "'amount'", "'lots'", "quarantine"] },
        Events("text in every second number", Samples.Events.Rows(line => line.Replace(",play,", ",play,x", StringComparison.Ordinal)), 3, "CE2008") with { Names = ["events.csv", "row 1", "'amount'"] },
        Events("1e400", Samples.Events.Cell(7, Amount, "1e400"), 199),
        Events("400 digits", Samples.Events.Cell(7, Amount, new string('7', 400)), 199),
        Events("1e300, whose sum does not fit", Samples.Events.Cell(7, Amount, "1e300"), 3, "CE3020") with { Names = ["'amount'", "events"] },
        Events("a hexadecimal number", Samples.Events.Cell(7, Amount, "0x1F"), 199),
        Events("thousands separators", Samples.Events.Cell(7, Amount, "\"1,234.50\""), 199),
        Events("a percent sign", Samples.Events.Cell(7, Amount, "12%"), 199),
        Events("a currency sign", Samples.Events.Cell(7, Amount, "€5"), 199),
        Events("a number in brackets, as accountants write losses", Samples.Events.Cell(7, Amount, "(5.00)"), 199),
        Events("an exponent", Samples.Events.Cell(7, Amount, "1.5e1"), 200),
        Events("a plus sign and blanks", Samples.Events.Cell(7, Amount, " +5.0 "), 200),
        Events("Arabic digits", Samples.Events.Cell(7, Amount, "٣"), 199),
    ];

    private static IEnumerable<BadInput> NotFinite =>
    [
        .. new[] { "NaN", "nan", "-nan", "NA", "null", "\\N", "N/A", "None" }.Select(text => Events($"not a number, written {text}", Samples.Events.Cell(7, Amount, text), 200)),
        .. new[] { "#N/A", "?", "1.#QNAN", "undefined" }.Select(text => Events($"not a number, written {text}", Samples.Events.Cell(7, Amount, text), 199)),
        .. new[] { "inf", "-Infinity", "+INF", "∞", "1.#INF" }.Select(text => Events($"infinity, written {text}", Samples.Events.Cell(7, Amount, text), 199)),
    ];

    private static IEnumerable<BadInput> Times =>
    [
        Events("a date with day first", Samples.Events.Cell(7, At, "05/01/2024"), 199),
        Events("a date with a month in letters", Samples.Events.Cell(7, At, "Jan 5 2024"), 199),
        Events("three formats of date in one column", Samples.Events.Cell(7, At, "05/01/2024").Cell(8, At, "Jan 5 2024").Cell(9, At, "20240105"), 198),
        Events("every date with day first", Samples.Events.Cells(At, "05/01/2024"), 3, "CE2007") with { Names = ["events.csv", "row 1", "'event_at'", "05/01/2024"] },
        Events("no date in one row", Samples.Events.Cell(7, At, ""), 199),
        Events("no date in any row", Samples.Events.Cells(At, ""), 3, "CE2008") with { Names = ["events.csv", "row 1", "'event_at'"] },
        Events("seconds since 1970, no unit stated", Samples.Events.Cells(At, "1704067200"), 2, "CE3006") with { Names = ["'event_at'", "time_unit"] },
        Unit("a unit stated for ISO dates", Samples.Events, "ms", 2, "CE3006") with { Names = ["'event_at'", "time_unit"] },
        Unit("microseconds under time_unit: s", Samples.Events.Cells(At, "1704067200000000"), "s", 3, "CE3023") with { Names = ["events", "time_unit"] },
        Events("the thirtieth of February", Samples.Events.Cell(7, At, "2024-02-30"), 199),
        Events("25 o'clock", Samples.Events.Cell(7, At, "2024-01-05T25:00:00Z"), 199),
        Events("a leap second", Samples.Events.Cell(7, At, "2024-01-05T23:59:60Z"), 199),
        Events("the year 0000", Samples.Events.Cell(7, At, "0000-00-00"), 199),
        Events("the year 99999", Samples.Events.Cell(7, At, "99999-01-01"), 199),
        Events("the year 1600", Samples.Events.Cell(7, At, "1600-01-01"), 200),
        Events("a zone of +02:00", Samples.Events.Cell(7, At, "2024-01-05T12:00:00+02:00"), 200),
        Events("zones in three spellings", Samples.Events.Cell(7, At, "2024-01-05T12:00:00+0200").Cell(8, At, "2024-01-05 12:00:00 UTC").Cell(9, At, "2024-01-05T12:00:00-05"), 200),
        Events("no zone, taken as UTC", Samples.Events.Cell(7, At, "2024-01-05T12:00:00"), 200),
        Events("a zone by name", Samples.Events.Cell(7, At, "2024-01-05T12:00:00 Europe/Berlin"), 199),
        Events("a zone of +25:00", Samples.Events.Cell(7, At, "2024-01-05T12:00:00+25:00"), 199),
        Events("one event after the declared extract", Samples.Events.Cell(7, At, "2031-01-05T12:00:00Z"), 0, "table 'events': 1 ") with { Names = ["extract_at", "2024-03-01", "2031-01-05"] },
        Events("every event after the declared extract", Samples.Events.Rows(line => line.Replace("2024-", "2034-", StringComparison.Ordinal)), 0, "table 'events': 200 ") with { Names = ["extract_at"] },
    ];

    private static IEnumerable<BadInput> Keys =>
    [
        Customers("a customer twice on one day", Samples.Customers + Samples.Customers.Split('\n')[6] + "\n", new Rows("customers", 41, 40)),
        Customers("every customer the same", Samples.Customers.Cells(Customer, "1").Cells(1, "2023-07-01"), 3, "CE2008") with { Names = ["customers.csv", "row 2", "'customer_id'"] },
        Events("one key missing", Samples.Events.Cell(7, Customer, ""), 199),
        Events("every key missing", Samples.Events.Cells(Customer, ""), 3, "CE2008") with { Names = ["events.csv", "row 1", "'customer_id'"] },
        Events("a key of blanks", Samples.Events.Cell(7, Customer, "   "), 199),
        Events("keys that are text in one table and numbers in the other", Samples.Events.Rows(line => "c" + line), 3, "CE3026") with { Names = ["events", "customers", "'c1'"] },
        Events("a key beyond 64 bits", Samples.Events.Cell(7, Customer, "99999999999999999999"), 199),
        Events("keys with leading zeros in one table", Samples.Events.Rows(line => "00" + line), 3, "CE3026") with { Names = ["'001'", "leading zeros"] },
    ];

    private static IEnumerable<BadInput> PlainTables =>
    [
        People("text where the model wants numbers", Samples.People.Cells(1, "young"), 3, "CE3039") with { Names = ["'age'", "people.csv"] },
        People("text in one number", Samples.People.Cell(7, 1, "young"), 0, "table 'table': 1 value") with { Rows = new Rows("table", 60, 60), Names = ["'age'", "'young'"] },
        People("a column that the model wants is absent", Samples.People.Header("id,years,spend,plan,churned"), 3, "CE5203") with { Names = ["people.csv", "'age'"] },
        People("the id column is absent", Samples.People.Header("key,age,spend,plan,churned"), 3, "CE5203") with { Names = ["people.csv", "'id'"] },
        People("no label column, which scoring does not need", Samples.People.Header("id,age,spend,plan,other"), 0, "") with { Rows = new Rows("table", 60, 60) },
        People("an id twice", Samples.People.Cell(7, 0, "p006"), 3, "CE2008") with { Names = ["people.csv", "row 7", "'id'", "p006"] },
        People("an id missing", Samples.People.Cell(7, 0, ""), 3, "CE2008") with { Names = ["people.csv", "row 7", "'id'"] },
        People("a category that the model never saw", Samples.People.Cell(7, 3, "platinum"), 0, "") with { Rows = new Rows("table", 60, 60) },
        People("an infinite number", Samples.People.Cell(7, 1, "1e999"), 0, "table 'table': 1 value") with { Rows = new Rows("table", 60, 60) },
        People("cut in the thirtieth row", Samples.People[..(Samples.People.IndexOf("p030", StringComparison.Ordinal) + 9)], 3, "CE2008") with { Names = ["people.csv", "row 30"] },
        People("wrong delimiter below the header", Samples.People.Rows(line => line.Replace(',', ';')), 3, "CE2008") with { Names = ["people.csv", "row 1"] },
        Train("a label with one value", Samples.People.Cells(4, "No"), "churned", "id", "CE3032") with { Names = ["'churned'"] },
        Train("a label with sixty values", Samples.People, "spend", "id", "CE3032") with { Names = ["'spend'"] },
        Train("a label column that is absent", Samples.People, "Churn", "id", "CE3030") with { Names = ["'Churn'", "churned"] },
        Train("an id column that is absent", Samples.People, "churned", "customer", "CE3031") with { Names = ["'customer'"] },
        Train("id and label the same column", Samples.People, "churned", "churned", "CE3030") with { Names = ["same column"] },
        Train("no column that varies", "id,age,churned\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"p{i},30,{(i % 3 == 0 ? "Yes" : "No")}\n")), "churned", "id", "CE3033"),
        Train("four rows", "id,age,churned\na,1,Yes\nb,2,No\nc,3,No\nd,4,Yes\n", "churned", "id", "CE1111"),
    ];

    private static BadInput Events(string name, string csv, int kept) =>
        Events(name, csv, 0, kept == Samples.EventRows ? "" : "table 'events'") with { Rows = new Rows("events", Samples.EventRows, kept) };

    private static BadInput Events(string name, string csv, int exit, string says) => Project(name, scene => scene.Write("events.csv", csv), Samples.Project(more: "extract_at: 2024-03-01"), exit, says);

    private static BadInput Strict(string name, string csv, string says) => Project(name, scene => scene.Write("events.csv", csv), Samples.Project(limit: "0"), 3, says);

    private static BadInput Unit(string name, string csv, string unit, int exit, string says) =>
        Project(name, scene => scene.Write("events.csv", csv), Samples.Project(eventKeys: $", time_unit: {unit}"), exit, says);

    private static BadInput Customers(string name, string csv, Rows rows) => Customers(name, csv, 0, rows.Kept == rows.Read ? "" : "table 'customers'") with { Rows = rows };

    private static BadInput Customers(string name, string csv, int exit, string says) => Project(name, scene => scene.Write("customers.csv", csv), Samples.Plan, exit, says);

    private static BadInput Project(string name, Action<Scene> damage, string plan, int exit, string says) => new()
    {
        Group = "CSV",
        Name = name,
        CommandLine = Samples.FeaturesLine,
        Arrange = scene =>
        {
            scene.Write("churn.yaml", plan);
            scene.Write("customers.csv", Samples.Customers);
            scene.Write("events.csv", Samples.Events);
            damage(scene);
        },
        Exit = exit,
        Says = says,
    };

    private static BadInput People(string name, string csv, int exit, string says) => new()
    {
        Group = "CSV, plain table",
        Name = name,
        CommandLine = Samples.ScoreLine,
        Arrange = scene =>
        {
            scene.Write("people.csv", csv);
            scene.Write("model.onnx", Samples.TableModel);
        },
        Exit = exit,
        Says = says,
    };

    private static BadInput Train(string name, string csv, string label, string id, string says) => new()
    {
        Group = "CSV, plain table",
        Name = name,
        CommandLine = $"train --table people.csv --id {id} --label {label}",
        Arrange = scene => scene.Write("people.csv", csv),
        Exit = 3,
        Says = says,
    };
}
