using System.Text;

namespace ChurnEngine.Matrix.Tests;

/// <summary>churn.yaml: its form, its keys, its plan, its settings.</summary>
internal static class PlanInputs
{
    private const string Count = "- { name: events_all, from: events, value: count }";

    public static IEnumerable<BadInput> All => [.. Forms, .. Tables, .. Features, .. Labels, .. Settings, .. Data];

    private static IEnumerable<BadInput> Forms =>
    [
        Whole("an empty file", "", "CE3001") with { Names = ["churn.yaml"] },
        Whole("comments only", "# nothing\n", "CE3001") with { Names = ["churn.yaml"] },
        Whole("a list", "- entity\n- tables\n", "CE3001") with { Names = ["churn.yaml:1"] },
        Whole("a text", "hello\n", "CE3001") with { Names = ["churn.yaml:1"] },
        Whole("JSON", """{"entity": "customer_id", "tables": {"events": {"source": "events.csv", "time": "event_at"}}, "features": [{"name": "n", "value": "count"}]}""", "") with { Exit = 0, Says = "table 'events'" },
        Whole("tabs as indent", "entity: customer_id\ntables:\n\tevents: 1\n", "CE3001") with { Names = ["churn.yaml:3", "tab"] },
        Whole("a quote never closed", "entity: \"customer_id\ntables: {}\n", "CE3001") with { Names = ["churn.yaml"] },
        Whole("a bracket never closed", "entity: customer_id\ntables: { a: {\n", "CE3001") with { Names = ["churn.yaml"] },
        Whole("two documents", Samples.Plan + "\n---\n" + Samples.Plan, "CE3001") with { Names = ["churn.yaml"] },
        Whole("a key twice", Samples.Plan + "entity: other\n", "CE3001") with { Names = ["churn.yaml", "entity"] },
        Whole("an alias without an anchor", "entity: *nobody\n", "CE3001") with { Names = ["churn.yaml:1", "nobody"] },
        Whole("aliases that multiply a billion times", Laughs(), "CE30") with { Names = ["churn.yaml"], Process = new OwnProcess() },
        Whole("10,000 brackets deep", "entity: " + new string('[', 10_000) + new string(']', 10_000) + "\n", "CE3001") with { Names = ["churn.yaml"], Process = new OwnProcess() },
        Whole("a file of 5 MB of text", "entity: customer_id\nnote: " + new string('x', 5_000_000) + "\n", "CE3002") with { Names = ["churn.yaml:2"] },
        Bytes("UTF-8 with a byte-order mark", Samples.Plan.Bytes(new UTF8Encoding(true)), 0, ""),
        Bytes("UTF-16", Samples.Plan.Bytes(Encoding.Unicode), 0, ""),
        Bytes("bytes that are no UTF-8", Samples.Plan.Replace("customer_id", "k~nde", StringComparison.Ordinal).With('~', 0xFC), 2, "CE1110") with { Names = ["churn.yaml:1", "UTF-8"] },
        Bytes("NUL bytes", new byte[100], 2, "CE3001") with { Names = ["churn.yaml"] },
        Bytes("CR LF throughout", Samples.Plan.Replace("\n", "\r\n", StringComparison.Ordinal).Bytes(), 0, ""),
        Whole("an unknown key", Samples.Plan + "feature: []\n", "CE3002") with { Names = ["churn.yaml:", "'feature'", "did you mean 'features'?"] },
        Whole("no entity", Samples.Plan.Replace("entity: customer_id", "", StringComparison.Ordinal), "CE3003") with { Names = ["`entity`"] },
        Whole("no tables", "entity: customer_id\nfeatures: [ { name: n, value: count } ]\n", "CE3003") with { Names = ["`tables`"] },
        Whole("no features", "entity: customer_id\ntables: { events: { source: events.csv, time: event_at } }\n", "CE3003") with { Names = ["`features`"] },
        Whole("an empty list of features", "entity: customer_id\ntables: { events: { source: events.csv, time: event_at } }\nfeatures: []\n", "CE3003") with { Names = ["churn.yaml:3"] },
        Whole("tables as a list", Samples.Plan.Replace("tables:\n", "tables: [ a ]\nx:\n", StringComparison.Ordinal), "CE300") with { Names = ["churn.yaml:"] },
    ];

    private static IEnumerable<BadInput> Tables =>
    [
        Edit("a table without source", "source: customers.csv, ", "", "CE3007") with { Names = ["'customers'", "source"] },
        Edit("an unknown key of a table", "valid_from: signup_at", "valid_form: signup_at", "CE3002") with { Names = ["churn.yaml:3", "'valid_form'", "did you mean 'valid_from'?"] },
        Edit("both time and valid_from", "valid_from: signup_at", "valid_from: signup_at, time: signup_at", "CE3006") with { Names = ["churn.yaml:3", "'customers'"] },
        Edit("known without time", "valid_from: signup_at, known", "known", "CE3006") with { Names = ["'customers'", "`known`"] },
        Edit("an unknown format", "kind: kind }", "kind: kind, format: xlsx }", "CE3002") with { Names = ["churn.yaml:4", "'xlsx'"] },
        Edit("an unknown time unit", "kind: kind }", "kind: kind, time_unit: ns }", "CE3002") with { Names = ["churn.yaml:4", "'ns'"] },
        Edit("a column map that is a text", "kind: kind }", "kind: kind, columns: amount }", "CE3001") with { Names = ["churn.yaml:4", "`columns`"] },
        Edit("a time column that the file lacks", "time: event_at", "time: happened_at", "CE3002") with { Names = ["churn.yaml:4", "'happened_at'", "event_at"] },
        Edit("a key column that the file lacks", "kind: kind }", "kind: kind, key: user }", "CE3002") with { Names = ["churn.yaml:4", "'user'"] },
        Edit("a kind column that the file lacks", "kind: kind }", "kind: type }", "CE3002") with { Names = ["churn.yaml:4", "'type'"] },
        Edit("a format other than the file's", "kind: kind }", "kind: kind, format: parquet }", "CE2009") with { Exit = 3, Names = ["events.csv", "format"] },
    ];

    private static IEnumerable<BadInput> Features =>
    [
        Feature("an unknown table", "- { name: n, from: event, value: count }", "CE3002") with { Names = ["churn.yaml:6", "'event'", "did you mean 'events'?"] },
        Feature("an unknown column", "- { name: n, from: events, value: sum(price) }", "CE3002") with { Names = ["events.csv", "'price'"] },
        Feature("an unknown aggregate", "- { name: n, from: events, value: total(amount) }", "CE3002") with { Names = ["churn.yaml:6", "'total'", "sum"] },
        Feature("a sum without a column", "- { name: n, from: events, value: sum }", "CE3001") with { Names = ["churn.yaml:6", "sum(amount)"] },
        Feature("a bracket never closed", "- { name: n, from: events, value: \"sum(amount\" }", "CE3001") with { Names = ["churn.yaml:6"] },
        Feature("no value", "- { name: n, from: events }", "CE3003") with { Names = ["`value`", "'n'"] },
        Feature("no name", "- { from: events, value: count }", "CE3003") with { Names = ["churn.yaml:6", "`name`"] },
        Feature("a name twice", Count + "\n  " + Count, "CE3004") with { Names = ["churn.yaml:7", "'events_all'"] },
        Feature("an unknown key", "- { name: n, from: events, value: count, window: 7 }", "CE3002") with { Names = ["'window'", "did you mean 'windows'?"] },
        Feature("a window of nothing", "- { name: \"n_{w}\", from: events, value: count, windows: [0] }", "CE3001") with { Names = ["churn.yaml:6"] },
        Feature("a negative window", "- { name: \"n_{w}\", from: events, value: count, windows: [-7] }", "CE3001") with { Names = ["churn.yaml:6"] },
        Feature("a window of words", "- { name: \"n_{w}\", from: events, value: count, windows: [a week] }", "CE3001") with { Names = ["churn.yaml:6", "30d"] },
        Feature("windows without {w} in the name", "- { name: n, from: events, value: count, windows: [7, 30] }", "CE3001") with { Names = ["'n'", "{w}"] },
        Feature("{w} in the name without windows", "- { name: \"n_{w}d\", from: events, value: count }", "CE3003") with { Names = ["`windows`"] },
        Feature("windows of a recency", "- { name: \"n_{w}\", from: events, value: recency_days, windows: [7] }", "CE3006") with { Names = ["takes no windows"] },
        Feature("a ratio of one", "- { name: r, ratio: [events_all] }\n  " + Count, "CE3002") with { Names = ["'events_all'", "above"] },
        Feature("a ratio of an unknown feature", Count + "\n  - { name: r, ratio: [events_all, plays] }", "CE3002") with { Names = ["churn.yaml:7", "'plays'"] },
        Feature("a ratio by a category", "- { name: d, from: events, value: category(device) }\n  " + Count + "\n  - { name: r, ratio: [events_all, d] }", "CE3006") with { Names = ["churn.yaml:8", "'d'"] },
        Feature("a condition that cannot be read", "- { name: n, from: events, where: \"kind is play\", value: count }", "CE3001") with { Names = ["churn.yaml:6", "kind is play"] },
        Feature("a text compared by size", "- { name: n, from: events, where: \"device > tv\", value: count }", "CE3001") with { Names = ["churn.yaml:6", "'tv'"] },
        Feature("a condition on a column that is not there", "- { name: n, from: events, where: \"devise = tv\", value: count }", "CE3002") with { Names = ["'devise'"] },
        Feature("an hour of 25", "- { name: n, from: events, where: \"hour = 25\", value: count }", "CE3001") with { Names = ["churn.yaml:6", "'25'"] },
        Feature("sessions that nobody defined", "- { name: n, from: events, value: sessions }", "CE3006") with { Names = ["churn.yaml:6", "session"] },
        Feature("an expression of a feature below", "- { name: n, expr: \"later + 1\" }", "CE3002") with { Names = ["churn.yaml:6", "'later'"] },
        Feature("a window of no days", "- { name: n, from: events, value: count, windows: [0] }", "CE3001") with { Names = ["churn.yaml:6", "window"] },
        Feature("an unknown outlier policy", "- { name: n, from: events, value: count, outliers: trim }", "CE3002") with { Names = ["churn.yaml:6", "'trim'"] },
        Feature("a condition with an open quote", "- { name: n, from: events, where: \"kind = 'play\", value: count }", "CE3001") with { Names = ["quote"] },
        Feature("a condition on the label's kind", "- { name: n, from: events, where: \"kind = cancel\", value: count }", "CE3005") with { Arrange = scene => Put(scene, Samples.Plan.Replace(Count, "- { name: n, from: events, where: \"kind = cancel\", value: count }", StringComparison.Ordinal) + "label: { churned: \"kind = cancel within 30d\" }\n"), Names = ["'n'", "'cancel'"] },
        Feature("a scale of 12", "- { name: n, from: events, value: sum(amount), scale: 12 }", "CE3001") with { Names = ["`scale`"] },
        Feature("sixty-five conditions", string.Join("\n  ", Enumerable.Range(1, 65).Select(i => $"- {{ name: n{i}, from: events, where: \"amount > {i}\", value: count }}")), "CE3006") with { Names = ["65 different conditions"] },
    ];

    private static IEnumerable<BadInput> Labels =>
    [
        Label("a label without horizon", "churned: \"kind = cancel\"", "CE3003") with { Names = ["churn.yaml:12", "within 30d"] },
        Label("two horizons", "churned: \"kind = cancel within 30d or inactive 21d within 60d\"", "CE3001") with { Names = ["one horizon"] },
        Label("a label on what is not a kind", "churned: \"kind != play within 30d\"", "CE3001") with { Names = ["churn.yaml:12"] },
        Label("a label of words", "churned: \"whoever leaves\"", "CE3001") with { Names = ["churn.yaml:12"] },
        Label("an unknown key", "churn: \"kind = cancel within 30d\"", "CE3002") with { Names = ["'churn'", "did you mean 'churned'?"] },
        Label("a negative gap", "churned: \"kind = cancel within 30d\", gap: -1d", "CE3001") with { Names = ["`gap`"] },
        Label("no label, and training is asked for", "", "CE3036") with { CommandLine = "train --config churn.yaml", Arrange = scene => Put(scene, Samples.Plan), Names = ["label"] },
        Label("a history too short to train on", "churned: \"inactive 21d within 30d\"", "CE1103") with { CommandLine = "train --config churn.yaml", Names = ["snapshots"] },
    ];

    private static IEnumerable<BadInput> Settings =>
    [
        Setting("an unknown setting", "train: { tree: 10 }", "CE3002") with { Names = ["'tree'", "did you mean 'trees'?"] },
        Setting("a number of trees in words", "train: { trees: many }", "CE1102") with { Names = ["churn.yaml:12", "train.trees", "'many'"] },
        Setting("a number of trees below 1", "train: { trees: 0 }", "CE4007") with { Names = ["'trees'"] },
        Setting("a learning rate above 1", "train: { learning_rate: 1.5 }", "CE4007") with { Names = ["'learning_rate'"] },
        Setting("a learning rate that is NaN", "train: { learning_rate: .nan }", "CE1102") with { Names = ["train.learning_rate"] },
        Setting("a negative seed", "train: { seed: -1 }", "CE1102") with { Names = ["train.seed"] },
        Setting("a number beyond 32 bits", "train: { trees: 99999999999 }", "CE1102") with { Names = ["train.trees"] },
        Setting("no snapshots", "train: { snapshots: -3 }", "CE1102") with { Names = ["train.snapshots"] },
        Setting("a share of bad rows above 1", "ingest: { bad_share_limit: 5 }", "CE1102") with { Names = ["ingest.bad_share_limit", "0 to 1"] },
        Setting("a share of bad rows below 0", "ingest: { bad_share_limit: -0.1 }", "CE1102") with { Names = ["ingest.bad_share_limit"] },
        Setting("an instant that is none", "score: { as_of: yesterday }", "CE1102") with { Names = ["score.as_of", "2024-12-31"] },
        Setting("an instant of two meanings", "score: { as_of: 03/04/2024 }", "CE1102") with { Names = ["score.as_of", "2024-12-31"] },
        Setting("fewer than no reasons", "score: { reasons: -1 }", "CE1102") with { Names = ["score.reasons"] },
        Setting("reasons from a percentage", "score: { reasons_from: 50 }", "CE1102") with { Names = ["score.reasons_from", "0 to 1"] },
        Setting("a save rate above 1", "decisions: { save_rate: 40 }", "CE7001") with { Names = ["save_rate", "40"] },
        Setting("a cost below nothing", "decisions: { cost: -1 }", "CE7001") with { Names = ["cost"] },
        Setting("risk cuts in the wrong order", "decisions: { medium_risk: 0.8, high_risk: 0.2 }", "CE7002"),
        Setting("a section that is a list", "train: [ 1 ]", "CE3001") with { Names = ["`train`"] },
        Setting("an extract that is no instant", "extract_at: soon", "CE3001") with { Names = ["extract_at"] },
    ];

    // Right in form, wrong for the data.
    private static IEnumerable<BadInput> Data =>
    [
        Feature("a kind that never occurs", "- { name: n, from: events, where: \"kind = plays\", value: count }", "table 'events'") with { Exit = 0, Names = ["'plays'", "did you mean 'play'?"] },
        Feature("a category of numbers", "- { name: n, from: events, value: category(amount) }", "") with { Exit = 0, Rows = null },
        Feature("a time as a number", "- { name: n, from: customers, value: signup_at }", "CE3006") with { Names = ["'signup_at'", "tenure_days"] },
        Feature("a text as a number", "- { name: n, from: events, value: sum(device) }", "CE2007") with { Exit = 3, Names = ["'device'", "row 1"] },
    ];

    private static BadInput Edit(string name, string old, string by, string says) => Whole(name, Samples.Plan.Replace(old, by, StringComparison.Ordinal), says);

    private static BadInput Feature(string name, string features, string says)
    {
        int begin = Samples.Plan.IndexOf("  - {", StringComparison.Ordinal), end = Samples.Plan.IndexOf("ingest:", StringComparison.Ordinal);
        return Whole(name, Samples.Plan[..begin] + "  " + features + "\n" + Samples.Plan[end..], says) with { Group = "plan, feature" };
    }

    private static BadInput Label(string name, string label, string says) =>
        Whole(name, Samples.Project(more: $"label: {{ {label} }}"), says) with { Group = "plan, label" };

    private static BadInput Setting(string name, string setting, string says) =>
        Whole(name, Samples.Project(more: setting).Replace("ingest: { bad_share_limit: 0.2 }", setting.StartsWith("ingest", StringComparison.Ordinal) ? "" : "ingest: { bad_share_limit: 0.2 }", StringComparison.Ordinal), says) with { Group = "plan, setting" };

    private static BadInput Whole(string name, string yaml, string says) => Bytes(name, yaml.Bytes(), 2, says);

    private static BadInput Bytes(string name, byte[] yaml, int exit, string says) => new()
    {
        Group = "plan",
        Name = name,
        CommandLine = Samples.FeaturesLine,
        Arrange = scene =>
        {
            Put(scene, "");
            scene.Write("churn.yaml", yaml);
        },
        Exit = exit,
        Says = says,
    };

    private static void Put(Scene scene, string yaml)
    {
        scene.Write("churn.yaml", yaml);
        scene.Write("customers.csv", Samples.Customers);
        scene.Write("events.csv", Samples.Events);
    }

    private static string Laughs() =>
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n")) + "entity: *a9\n";
}
