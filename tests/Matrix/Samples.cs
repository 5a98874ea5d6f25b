using System.Globalization;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest.DuckDb;
using ChurnEngine.Models;

namespace ChurnEngine.Matrix.Tests;

/// <summary>Good inputs, which the matrix damages: a project of two tables, a plain table, and a model for each.</summary>
internal static class Samples
{
    public const int CustomerRows = 40;
    public const int EventRows = 200;
    public const int PeopleRows = 60;

    public const string FeaturesLine = "features --config churn.yaml --out features.parquet";
    public const string ValidateLine = "validate --config churn.yaml --json";
    public const string ScoreLine = "score --table people.csv --model model.onnx --out scores";
    public const string ScoreProjectLine = "score --config churn.yaml --model model.onnx --out scores";

    /// <summary>customer_id, signup_at, age, plan</summary>
    public static string Customers { get; } = Csv("customer_id,signup_at,age,plan", CustomerRows,
        i => $"{i},{Day(-200 + i)},{20 + i},{(i % 3 == 0 ? "family" : "basic")}");

    /// <summary>customer_id, event_at, kind, amount, device</summary>
    public static string Events { get; } = Csv("customer_id,event_at,kind,amount,device", EventRows,
        i => $"{i % CustomerRows + 1},{Hour(6 * i)},{(i % 4 == 0 ? "payment" : "play")},{Number(1.5 * (i % 7))},{(i % 2 == 0 ? "tv" : "phone")}");

    public static string EventLines { get; } = string.Concat(Events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))
        .Select(c => $$"""{"customer_id":{{c[0]}},"event_at":"{{c[1]}}","kind":"{{c[2]}}","amount":{{c[3]}},"device":"{{c[4]}}"}""" + "\n"));

    /// <summary>id, age, spend, plan, churned</summary>
    public static string People { get; } = Csv("id,age,spend,plan,churned", PeopleRows,
        i => $"p{i:D3},{20 + i % 50},{Number(i * 2.25)},{(i % 3 == 0 ? "family" : "basic")},{(i % 5 == 0 ? "Yes" : "No")}");

    public static string Plan { get; } = Project();

    /// <summary>The plan with other sources and more settings.</summary>
    public static string Project(string customers = "customers.csv", string events = "events.csv", string limit = "0.2", string eventKeys = "", string more = "") => $$"""
        entity: customer_id
        tables:
          customers: { source: {{customers}}, valid_from: signup_at, known: signup_at }
          events: { source: {{events}}, time: event_at, known: event_at, kind: kind{{eventKeys}} }
        features:
          - { name: events_all, from: events, value: count }
          - { name: amount_all, from: events, value: sum(amount) }
          - { name: device, from: events, value: category(device) }
          - { name: age, from: customers, value: age }
          - { name: plan, from: customers, value: category(plan) }
        ingest: { bad_share_limit: {{limit}} }
        {{more}}
        """;

    /// <summary>A model of the plain table: two trees, made here and not trained.</summary>
    public static byte[] TableModel { get; } = Model("""
        entity: id
        tables:
          table: { key: id }
        features:
          - { name: age, from: table, value: age }
          - { name: spend, from: table, value: spend }
          - { name: plan, from: table, value: category(plan), categories: [basic, family] }
        label: { column: churned, positive: "Yes" }
        """, "m.yaml").OnnxBytes.ToArray();

    /// <summary>A model of the project.</summary>
    public static byte[] ProjectModel { get; } = Model(Plan.Replace("category(device)", "category(device), categories: [phone, tv]", StringComparison.Ordinal)
        .Replace("category(plan)", "category(plan), categories: [basic, family]", StringComparison.Ordinal), "m.yaml").OnnxBytes.ToArray();

    public static ChurnModel Model(string yaml, string name)
    {
        FeaturePlan plan = FeaturePlan.Parse(yaml, name);
        int last = plan.Features.Count - 1;
        var model = new ChurnModel
        {
            Predictor = new TreeEnsemble { FeatureCount = plan.Features.Count, BaseMargin = -1, Trees = [Stump(0, 30, null), Stump(last, float.NaN, new CategorySet([1]))] },
            Metadata = new ModelMetadata { Plan = plan.ToYaml(), PlanHash = plan.Hash, Features = plan.Features, EngineVersion = "0.1.0", Threshold = 0.3, CalibrationMethod = "platt" },
        };
        return ModelFile.Encode(model, []);
    }

    /// <summary>The files of finished scores of the plain table, reasons included; made once by the command itself.</summary>
    public static Lazy<IReadOnlyDictionary<string, byte[]>> Scores { get; } = new(() =>
    {
        using var scene = new Scene();
        scene.Write("people.csv", People);
        scene.Write("model.onnx", TableModel);
        Outcome outcome = scene.Run(new BadInput { Group = "", Name = "", CommandLine = ScoreLine, Exit = 0 });
        Assert.True(outcome.Exit == 0, outcome.Error);
        return Directory.GetFiles(scene["scores"]).ToDictionary(path => System.IO.Path.GetFileName(path), File.ReadAllBytes);
    });

    /// <summary>A Parquet file of a query; text files of this scene can be read in it.</summary>
    public static void Parquet(Scene scene, string name, string query, string options = "")
    {
        using var database = new DuckDbDatabase(threads: 1, memoryBytes: 256L << 20);
        using DuckDbConnection connection = database.Connect();
        connection.Execute($"COPY ({query}) TO {SqlText.Literal(scene[name])} (FORMAT parquet{options})");
    }

    /// <summary>An Arrow file of a query, or a stream in a file.</summary>
    public static void Arrow(Scene scene, string name, string query, bool stream = false)
    {
        using var database = new DuckDbDatabase(threads: 1, memoryBytes: 256L << 20);
        using DuckDbConnection connection = database.Connect();
        List<RecordBatch> batches = [.. connection.Stream(query, CancellationToken.None)];
        // Of a query without rows there is no batch to tell the columns; one row of it is as good.
        Schema schema = (batches.FirstOrDefault() ?? connection.Stream(query.Replace("LIMIT 0", "LIMIT 1", StringComparison.Ordinal), CancellationToken.None).First()).Schema;
        using FileStream file = File.Create(scene[name]);
        using IBatchSink writer = stream ? new ArrowStreamWriter(file, schema) : new ArrowFileWriter(file, schema);
        foreach (RecordBatch batch in batches)
        {
            using (batch)
                writer.Write(batch);
        }
        writer.Complete();
    }

    /// <summary>The query that reads the good events, typed.</summary>
    public static string EventsQuery(Scene scene, string replace = "")
    {
        scene.Write(".events.csv", Events);
        return $"SELECT * {(replace.Length > 0 ? $"REPLACE ({replace})" : "")} FROM read_csv({SqlText.Literal(scene[".events.csv"])})";
    }

    /// <summary>One number out of a query over files of the scene.</summary>
    public static long Ask(string query)
    {
        using var database = new DuckDbDatabase(threads: 1, memoryBytes: 256L << 20);
        using DuckDbConnection connection = database.Connect();
        return long.Parse(connection.QueryText($"SELECT CAST(x AS VARCHAR) FROM ({query}) AS q(x)")[0][0]!, CultureInfo.InvariantCulture);
    }

    private static DecisionTree Stump(int feature, float threshold, CategorySet? set) => new()
    {
        Feature = [feature],
        Threshold = [threshold],
        LeftCategories = [set],
        MissingGoesLeft = [true],
        Left = [~0],
        Right = [~1],
        LeafValue = [-0.5, 0.75],
        LeafCover = [30, 30],
    };

    private static string Csv(string header, int rows, Func<int, string> line)
    {
        var text = new StringBuilder(header).Append('\n');
        for (int i = 1; i <= rows; i++)
            text.Append(line(i)).Append('\n');
        return text.ToString();
    }

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Day(int days) => new DateTime(2024, 1, 1).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Hour(int hours) => new DateTime(2024, 1, 1).AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}

/// <summary>Ways to damage a text.</summary>
internal static class Damage
{
    /// <summary>Another line in the place of a data row; row 1 follows the header.</summary>
    public static string Row(this string csv, int row, string line)
    {
        string[] lines = csv.Split('\n');
        lines[row] = line;
        return string.Join('\n', lines);
    }

    /// <summary>Every data row changed.</summary>
    public static string Rows(this string csv, Func<string, string> change) =>
        string.Concat(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => (i == 0 ? line : change(line)) + "\n"));

    /// <summary>One cell of a data row changed.</summary>
    public static string Cell(this string csv, int row, int column, string cell)
    {
        string[] cells = csv.Split('\n')[row].Split(',');
        cells[column] = cell;
        return csv.Row(row, string.Join(',', cells));
    }

    /// <summary>One cell of every data row changed.</summary>
    public static string Cells(this string csv, int column, string cell) => csv.Rows(line =>
    {
        string[] cells = line.Split(',');
        cells[column] = cell;
        return string.Join(',', cells);
    });

    public static string Header(this string csv, string header) => csv.Row(0, header);

    public static byte[] Bytes(this string text, Encoding? encoding = null) => [.. (encoding ?? new UTF8Encoding(false)).GetPreamble(), .. (encoding ?? new UTF8Encoding(false)).GetBytes(text)];

    /// <summary>The text as bytes, one mark in it replaced by bytes that are no UTF-8.</summary>
    public static byte[] With(this string text, char mark, params byte[] bytes) => [.. text.SelectMany(c => c == mark ? bytes : Encoding.UTF8.GetBytes([c]))];

    public static T[] Tenths<T>(this T[] whole, int tenth) => whole[..(int)(whole.LongLength * tenth / 10)];
}
