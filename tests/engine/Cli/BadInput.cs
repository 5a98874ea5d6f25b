using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>A command line on input that it must refuse, and what it must say.</summary>
/// <param name="Arrange">Spoils something in the empty folder and gives the arguments; outputs go to "out" in the folder.</param>
/// <param name="ExitCode">What the process returns.</param>
/// <param name="Code">The error's code.</param>
/// <param name="Says">Parts of the line: what was expected, what came, the hint.</param>
internal sealed record BadInput(Func<TemporaryDirectory, SmallProject, string[]> Arrange, int ExitCode, string Code, params string[] Says)
{
    private static readonly string[] s_readers = ["train", "score", "features", "evaluate"];

    public static IReadOnlyDictionary<string, BadInput> All { get; } = CommandLines().Concat(PlainTables()).Concat(Projects()).Concat(Outputs()).Concat(Stores()).ToDictionary();

    private static Dictionary<string, BadInput> CommandLines() => new()
    {
        ["unknown verb"] = new((_, _) => ["trian", "--config", "x.yaml"], Cli.ExitCode.Usage, "CE1002", "unknown verb 'trian'", "did you mean 'train'?", "--help"),
        ["no verb"] = new((_, _) => [], Cli.ExitCode.Usage, "CE1003", "a verb is needed", "generate", "doctor"),
        ["unknown option"] = new((_, _) => ["score", "--modle", "x.onnx"], Cli.ExitCode.Usage, "CE1006", "'--modle'", "did you mean '--model'?", "churn score --help"),
        ["stray word"] = new((_, _) => ["validate", "churn.yaml"], Cli.ExitCode.Usage, "CE1006", "'churn.yaml'", "churn validate --help"),
        ["not a whole number"] = new((_, s) => ["train", "--config", s.Config, "--trees", "many"], Cli.ExitCode.Usage, "CE1001", "--trees", "expected a whole number", "got 'many'"),
        ["not a number"] = new((_, s) => ["decide", "--scores", s.Scores, "--save-rate", "x"], Cli.ExitCode.Usage, "CE1001", "--save-rate", "expected a number", "got 'x'"),
        ["option without value"] = new((_, _) => ["decide", "--scores"], Cli.ExitCode.Usage, "CE1003", "--scores", "argument missing"),
        ["unknown backend"] = new((_, s) => ["score", "--config", s.Config, "--backend", "gpu"], Cli.ExitCode.Usage, "CE1003", "'gpu'", "'onnx' 'simd' 'walk'"),
        ["unknown device"] = new((_, s) => ["score", "--config", s.Config, "--device", "tpu"], Cli.ExitCode.Usage, "CE1003", "'tpu'", "'auto' 'cpu' 'cuda'"),
        ["device of another backend"] = new((_, s) => ["score", "--config", s.Config, "--backend", "walk", "--device", "cuda"], Cli.ExitCode.Usage, "CE1003", "--device cuda belongs to --backend onnx"),
        ["not an instant"] = new((_, s) => ["score", "--config", s.Config, "--as-of", "soon"], Cli.ExitCode.Usage, "CE1001", "--as-of", "2024-12-31", "got 'soon'"),
        ["fewer reasons than none"] = new((_, s) => ["score", "--config", s.Config, "--reasons", "-1"], Cli.ExitCode.Usage, "CE1001", "--reasons", "0 and up", "got '-1'"),
        ["probability in percent"] = new((_, s) => ["score", "--config", s.Config, "--reasons-from", "30"], Cli.ExitCode.Usage, "CE1001", "--reasons-from", "from 0 to 1", "got '30'"),
        ["no threads"] = new((_, s) => ["validate", "--config", s.Config, "--threads", "0"], Cli.ExitCode.Usage, "CE1001", "--threads", "from 1", "'0'"),
        ["too many threads"] = new((_, s) => ["validate", "--config", s.Config, "--threads", "100000"], Cli.ExitCode.Usage, "CE1001", "--threads", "1 to 1024", "'100000'"),
        ["little memory"] = new((_, s) => ["validate", "--config", s.Config, "--memory", "1MB"], Cli.ExitCode.Usage, "CE1001", "--memory", "8GB", "'1MB'"),
        ["two inputs"] = new((_, s) => ["train", "--config", s.Config, "--table", s.Table], Cli.ExitCode.Usage, "CE1003", "--config and --table exclude each other"),
        ["table without id"] = new((_, s) => ["train", "--table", s.Table, "--label", "Churn"], Cli.ExitCode.Usage, "CE1005", "--id is needed with --table", "--help"),
        ["table without label"] = new((_, s) => ["train", "--table", s.Table, "--id", "id"], Cli.ExitCode.Usage, "CE1005", "--label is needed with --table"),
        ["one fold"] = new((f, s) => Table(f, s.Table, "--cv", "1"), Cli.ExitCode.Usage, "CE1106", "--cv", "2 to 50", "got 1"),
        ["option out of range"] = new((f, s) => Table(f, s.Table, "--learning-rate", "2"), Cli.ExitCode.Usage, "CE4007", "learning_rate", "got 2"),
        ["training option without value"] = new((f, s) => Table(f, s.Table, "--set", "l2"), Cli.ExitCode.Usage, "CE1001", "--set", "NAME=VALUE", "got 'l2'"),
        ["unknown training option"] = new((f, s) => Table(f, s.Table, "--set", "num_leafs=5"), Cli.ExitCode.Usage, "CE1113", "'num_leafs'", "did you mean 'num_leaf'?", "OPTIONS.md"),
        ["training option under two names"] = new((f, s) => Table(f, s.Table, "--learning-rate", "0.1", "--set", "eta=0.2"), Cli.ExitCode.Usage, "CE1114", "'--learning-rate' and 'eta'", "'learning_rate' once"),
        ["training option of another kind"] = new((f, s) => Table(f, s.Table, "--set", "num_leaves=many"), Cli.ExitCode.Usage, "CE1115", "'num_leaves'", "a whole number", "got 'many'"),
        ["unknown objective"] = new((f, s) => Table(f, s.Table, "--objective", "poison"), Cli.ExitCode.Usage, "CE1115", "--objective", "one of logistic, squared_error, poisson", "got 'poison'"),
        ["unknown metric"] = new((f, s) => Table(f, s.Table, "--early-stopping-metric", "f1"), Cli.ExitCode.Usage, "CE1115", "--early-stopping-metric", "auc", "got 'f1'"),
        ["objective of a number for churn"] = new((f, s) => Table(f, s.Table, "--objective", "poisson"), Cli.ExitCode.Usage, "CE1116", "'poisson'", "expected logistic or focal", "--task regression"),
        ["continued table"] = new((f, s) => Table(f, s.Table, "--continue-from", s.TableModel), Cli.ExitCode.Usage, "CE1117", "--continue-from with --config"),
        ["continued from a table's model"] = new((f, s) => ["train", "--config", s.Config, "--continue-from", s.TableModel, "--model", f["out/m.onnx"]], Cli.ExitCode.BadInput, "CE5202", "plain table"),
        ["continued with another objective"] = new((f, s) => ["train", "--config", s.Config, "--continue-from", s.Model, "--objective", "focal", "--model", f["out/m.onnx"]], Cli.ExitCode.BadInput, "CE5205", "expected focal", "got logistic", "without --continue-from"),
        ["unknown scenario"] = new((f, _) => ["generate", "--scenario", "streeming", "--out", f["out"]], Cli.ExitCode.Usage, "CE1801", "'streeming'", "did you mean 'streaming'?"),
        ["drift of nothing"] = new((f, _) => ["generate", "--drift", "feature=playz,from=2024-07-01", "--out", f["out"]], Cli.ExitCode.Usage, "CE1807", "'playz'", "did you mean 'plays'?", "monthly_price"),
        ["drift of another scenario"] = new((f, _) => ["generate", "--scenario", "b2b", "--drift", "feature=plays,from=2024-07-01", "--out", f["out"]], Cli.ExitCode.Usage, "CE1807", "'plays'", "'b2b'", "seats"),
        ["malformed drift"] = new((f, _) => ["generate", "--drift", "plays", "--out", f["out"]], Cli.ExitCode.Usage, "CE1808", "'plays'", "feature=NAME,from=YYYY-MM-DD"),
        ["drift after the end"] = new((f, _) => ["generate", "--drift", "feature=plays,from=2030-01-01", "--out", f["out"]], Cli.ExitCode.Usage, "CE1809", "2024-01-01", "2030-01-01"),
        ["treatment in percent"] = new((f, _) => ["generate", "--treatment", "30", "--out", f["out"]], Cli.ExitCode.Usage, "CE1810", "0 to 1", "got 30"),
        ["unknown extra"] = new((f, _) => ["generate", "--with", "seasons", "--out", f["out"]], Cli.ExitCode.Usage, "CE1811", "'seasons'", "seasonality"),
        ["no customers"] = new((f, _) => ["generate", "--customers", "0", "--out", f["out"]], Cli.ExitCode.Usage, "CE1802", "expected 1 to", "got 0"),
        ["unknown column beside the scores"] = new((f, s) => ["score", "--config", s.Config, "--model", s.Model, "--columns", "tenure_day", "--out", f["out"]],
            Cli.ExitCode.Usage, "CE6003", "'tenure_day'", "did you mean 'tenure_days'?"),
        ["unknown value column"] = new((f, s) => ["decide", "--scores", s.Scores, "--value-column", "worth", "--out", f["out/plan.csv"]], Cli.ExitCode.Usage, "CE1108", "'worth'", "monthly_price", "--columns worth"),
        ["table model for a project"] = new((f, s) => ["score", "--config", s.Config, "--model", s.TableModel, "--out", f["out"]], Cli.ExitCode.BadInput, "CE5202", "plain table", "--table FILE instead of --config"),
        ["project model for a table"] = new((f, s) => ["score", "--table", s.Table, "--model", s.Model, "--out", f["out"]], Cli.ExitCode.BadInput, "CE5201", "on events", "--config churn.yaml instead of --table"),
        ["evaluate: project model for a table"] = new((_, s) => ["evaluate", "--table", s.Table, "--model", s.Model], Cli.ExitCode.BadInput, "CE5201", "--config"),
        ["evaluate: table model for a project"] = new((_, s) => ["evaluate", "--config", s.Config, "--model", s.TableModel], Cli.ExitCode.BadInput, "CE5202", "--table"),
    };

    private static Dictionary<string, BadInput> PlainTables() => new()
    {
        ["table missing"] = new((f, _) => Table(f, f["nothing.csv"]), Cli.ExitCode.BadInput, "CE2001", "nothing.csv' does not exist", "check the path"),
        ["table empty"] = new((f, _) => Table(f, f.Write("t.csv", "")), Cli.ExitCode.BadInput, "CE2004", "t.csv", "0 bytes", "written to its end"),
        ["table header only"] = new((f, _) => Table(f, f.Write("t.csv", PlainRows.Header + "\n")), Cli.ExitCode.BadInput, "CE2005", "t.csv", "no rows", "check the export"),
        ["table without that label"] = new((f, s) => ["train", "--table", s.Table, "--id", "id", "--label", "Chrun", "--model", f["out/m.onnx"]], Cli.ExitCode.BadInput, "CE3030", "'Chrun'", "did you mean 'Churn'?"),
        ["table without that id"] = new((f, s) => ["train", "--table", s.Table, "--id", "idd", "--label", "Churn", "--model", f["out/m.onnx"]], Cli.ExitCode.BadInput, "CE3031", "'idd'", "did you mean 'id'?"),
        ["label with three values"] = new((f, _) => Table(f, f.Write("t.csv", PlainRows.Csv(50) + "x,1,20,yearly,maybe\n")), Cli.ExitCode.BadInput, "CE3032", "'Churn'", "expected 2 distinct values", "got 3", "maybe", "two values"),
        ["constant label"] = new((f, _) => Table(f, f.Write("t.csv", PlainRows.Csv(50).Replace(",yes", ",no", StringComparison.Ordinal))), Cli.ExitCode.BadInput, "CE3032", "expected 2 distinct values", "got 1: no", "a constant label teaches nothing"),
        ["score: table missing"] = new((f, s) => ScoreTable(f, s, f["nothing.csv"]), Cli.ExitCode.BadInput, "CE2001", "nothing.csv"),
        ["score: table empty"] = new((f, s) => ScoreTable(f, s, f.Write("t.csv", "")), Cli.ExitCode.BadInput, "CE2004", "0 bytes"),
        ["score: table header only"] = new((f, s) => ScoreTable(f, s, f.Write("t.csv", "id,tenure,price,plan\n")), Cli.ExitCode.BadInput, "CE2005", "no rows"),
        ["score: table lacks a feature"] = new((f, s) => ScoreTable(f, s, f.Write("t.csv", "id,tenur,price,plan\nc1,3,20,monthly\n")), Cli.ExitCode.BadInput, "CE5203", "no column 'tenure'", "got id, tenur, price, plan", "did you mean 'tenur'?"),
        ["score: text for a number"] = new((f, s) => ScoreTable(f, s, f.Write("t.csv", "id,tenure,price,plan\nc1,long,20,monthly\nc2,short,20,monthly\n")), Cli.ExitCode.BadInput, "CE3039", "column 'tenure'", "holds no number", "got 2 texts", "empty cell"),
        ["evaluate: table lacks a feature"] = new((f, s) => ["evaluate", "--model", s.TableModel, "--table", f.Write("t.csv", "id,tenur,price,plan,Churn\nc1,3,20,monthly,yes\n")], Cli.ExitCode.BadInput, "CE5203", "did you mean 'tenur'?"),
        ["score: table lacks the id"] = new((f, s) => ScoreTable(f, s, f.Write("t.csv", "idd,tenure,price,plan\nc1,3,20,monthly\n")), Cli.ExitCode.BadInput, "CE5203", "no column 'id'", "did you mean 'idd'?"),
        ["evaluate: label with three values"] = new((f, s) => ["evaluate", "--model", s.TableModel, "--table", f.Write("t.csv", PlainRows.Csv(50) + "x,1,20,yearly,maybe\n")], Cli.ExitCode.BadInput, "CE3032", "got 3"),
        ["evaluate: constant label"] = new((f, s) => ["evaluate", "--model", s.TableModel, "--table", f.Write("t.csv", PlainRows.Header + "\nx,1,20,yearly,yes\n")], Cli.ExitCode.BadInput, "CE3032", "got 1"),
        ["evaluate: no label"] = new((f, s) => ["evaluate", "--model", s.TableModel, "--table", f.Write("t.csv", "id,tenure,price,plan\nc1,3,20,monthly\n")], Cli.ExitCode.BadInput, "CE3030", "'Churn'"),
    };

    private static Dictionary<string, BadInput> Projects()
    {
        var cases = new Dictionary<string, BadInput>
        {
            ["config missing"] = new((f, _) => ["train", "--config", f["churn.yaml"]], Cli.ExitCode.Usage, "CE1101", "churn.yaml' does not exist", "churn generate"),
            ["validate: config missing"] = new((f, _) => ["validate", "--config", f["churn.yaml"]], Cli.ExitCode.Usage, "CE1101", "churn.yaml"),
            ["decide: config missing"] = new((f, _) => ["decide", "--config", f["churn.yaml"]], Cli.ExitCode.Usage, "CE1101", "churn.yaml"),
            ["config empty"] = new((f, _) => ["train", "--config", f.Write("churn.yaml", "")], Cli.ExitCode.Usage, "CE3001", "churn.yaml"),
            ["model missing"] = new((f, s) => ["score", "--config", s.Config, "--model", f["no.onnx"], "--out", f["out"]], Cli.ExitCode.BadInput, "CE5001", "no.onnx' does not exist", "churn train"),
            ["model empty"] = new((f, s) => ["score", "--config", s.Config, "--model", f.Write("m.onnx", ""), "--out", f["out"]], Cli.ExitCode.BadInput, "CE5002", "m.onnx' is empty", "churn train"),
            ["evaluate: model missing"] = new((f, s) => ["evaluate", "--config", s.Config, "--model", f["no.onnx"]], Cli.ExitCode.BadInput, "CE5001", "no.onnx"),
            ["scores missing"] = new((f, _) => ["decide", "--scores", f["scores"], "--out", f["out/plan.csv"]], Cli.ExitCode.BadInput, "CE6101", "no finished scores", "_SUCCESS", "churn score"),
            ["label never happens"] = new((f, s) => Read("train", f, s, world => FolderContent.Edit(Path.Combine(world, "churn.yaml"), "kind = cancel within", "kind = depart within")),
                Cli.ExitCode.BadInput, "CE4005", "constant", "at least two", "got 0 everywhere", "label's definition"),
            ["another plan than the model's"] = new((f, s) => Read("score", f, s, world => FolderContent.Edit(Path.Combine(world, "churn.yaml"), "windows: [7, 30, 90]", "windows: [7, 30, 60, 90]")),
                Cli.ExitCode.BadInput, "CE5003", "wants plan", "compiles to", "score with the config that the model was trained with"),
        };
        foreach (string verb in (string[])[.. s_readers, "validate", "decide"])
        {
            cases.Add($"{verb}: unknown section", new((f, s) => Read(verb, f, s, world => FolderContent.Edit(Path.Combine(world, "churn.yaml"), "decisions:", "desicions:")),
                Cli.ExitCode.Usage, "CE3002", "churn.yaml:", "'desicions'", "did you mean 'decisions'?"));
            cases.Add($"{verb}: unknown key", new((f, s) => Read(verb, f, s, world => FolderContent.Edit(Path.Combine(world, "churn.yaml"), "save_rate:", "saverate:")),
                Cli.ExitCode.Usage, "CE3002", "churn.yaml:50", "`decisions`", "did you mean 'save_rate'?"));
        }
        foreach (string verb in s_readers)
        {
            cases.Add($"{verb}: file missing", new((f, s) => Read(verb, f, s, world => File.Delete(Path.Combine(world, "support.parquet"))),
                Cli.ExitCode.BadInput, "CE2001", "table 'support'", "support.parquet' does not exist", "check the path"));
            cases.Add($"{verb}: file empty", new((f, s) => Read(verb, f, s, world => File.WriteAllText(Path.Combine(world, "support.parquet"), "")),
                Cli.ExitCode.BadInput, "CE2004", "table 'support'", "0 bytes"));
            cases.Add($"{verb}: header only", new((f, s) => Read(verb, f, s, world => Support(world, "customer_id,event_at,ingested_at,ticket_kind\n")),
                Cli.ExitCode.BadInput, "CE2005", "table 'support'", "no rows", "check the export"));
            cases.Add($"{verb}: column missing", new((f, s) => Read(verb, f, s, world => Support(world, "customer_id,event_at,ingested_at,ticket_knd\n1,2024-02-01,2024-02-01,billing\n")),
                Cli.ExitCode.Usage, "CE3002", "churn.yaml:", "'ticket_kind'", "did you mean 'ticket_knd'?"));
            cases.Add($"{verb}: wrong type", new((f, s) => Read(verb, f, s, world => Support(world, "customer_id,event_at,ingested_at,ticket_kind\n1,yesterday,2024-02-01,billing\n2,tomorrow,2024-02-01,billing\n")),
                Cli.ExitCode.BadInput, "CE2007", "table 'support'", "column 'event_at'", "got 'yesterday'", "row 1"));
            cases.Add($"{verb}: too many bad rows", new((f, s) => Read(verb, f, s, world => Support(world, "customer_id,event_at,ingested_at,ticket_kind\n1,yesterday,2024-02-01,billing\n2,2024-02-01,2024-02-01,billing\n")),
                Cli.ExitCode.BadInput, "CE2008", "1 of 2 rows", "row 1 column 'event_at' value 'yesterday'", "expected at most 1", "got 50", "quarantine"));
        }
        return cases;
    }

    // A file where a folder is needed refuses root too.
    private static Dictionary<string, BadInput> Outputs() => new()
    {
        ["unwritable: train a table"] = new((f, s) => ["train", "--table", s.Table, "--id", "id", "--label", "Churn", "--model", Under(f)], Cli.ExitCode.Usage, "CE5013", "below' cannot be written", "choose a folder"),
        ["unwritable: train a project"] = new((f, s) => ["train", "--config", s.Config, "--model", Under(f)], Cli.ExitCode.Usage, "CE5013", "below' cannot be written"),
        ["unwritable: compatible model"] = new((f, s) => ["train", "--config", s.Config, "--model", f["out/m.onnx"], "--compatible", Under(f)], Cli.ExitCode.Usage, "CE5013", "below' cannot be written"),
        ["unwritable: model is a folder"] = new((f, s) => ["train", "--config", s.Config, "--model", s.World], Cli.ExitCode.Usage, "CE5013", "cannot be written", "is a folder"),
        ["unwritable: score"] = new((f, s) => ["score", "--config", s.Config, "--model", s.Model, "--out", Under(f)], Cli.ExitCode.Usage, "CE6004", "below' cannot be made", "choose another --out"),
        ["unwritable: score into a file"] = new((f, s) => ["score", "--config", s.Config, "--model", s.Model, "--out", f.Write("file", "x")], Cli.ExitCode.Usage, "CE6004", "file' cannot be made"),
        ["unwritable: score beside strangers"] = new((f, s) => ["score", "--config", s.Config, "--model", s.Model, "--out", Path.GetDirectoryName(f.Write("out/letter.txt", "x"))!], Cli.ExitCode.Usage, "CE6001", "letter.txt", "choose another --out"),
        ["unwritable: decide"] = new((f, s) => ["decide", "--scores", s.Scores, "--out", Under(f)], Cli.ExitCode.Usage, "CE7006", "below'", "choose a folder"),
        ["unwritable: generate"] = new((f, _) => ["generate", "--customers", "10", "--out", Under(f)], Cli.ExitCode.Usage, "CE1805", "below' cannot be written", "--out"),
        ["unwritable: generate over a world"] = new((_, s) => ["generate", "--customers", "10", "--out", s.World], Cli.ExitCode.Usage, "CE1804", "is not empty", "--out"),
        ["unwritable: features"] = new((f, s) => ["features", "--config", s.Config, "--out", Under(f)], Cli.ExitCode.Usage, "CE2012", "below' cannot be written", "folder"),
        ["unwritable: demo"] = new((f, _) => ["demo", "--customers", "500", "--out", Under(f)], Cli.ExitCode.Usage, "CE1009", "cannot be written", "--out"),
        ["demo beside strangers"] = new((f, _) => ["demo", "--customers", "500", "--out", Path.GetDirectoryName(f.Write("out/letter.txt", "x"))!], Cli.ExitCode.Usage, "CE1007", "letter.txt", "nothing was touched"),
    };

    // Each case has a store of its own, since they run side by side.
    private static Dictionary<string, BadInput> Stores() => new()
    {
        ["features: unknown word"] = new((_, _) => ["features", "publsh"], Cli.ExitCode.Usage, "CE1006", "`churn features` does not know 'publsh'", "did you mean 'publish'?"),
        ["audit: of nothing"] = new((_, _) => ["audit"], Cli.ExitCode.Usage, "CE1003", "name what to audit: leakage"),
        ["audit: dates"] = new((_, s) => ["audit", "leakage", "--config", s.Config, "--dates", "0"], Cli.ExitCode.Usage, "CE1001", "--dates", "1 and up", "got '0'"),
        ["audit: limit out of range"] = new((_, s) => ["audit", "leakage", "--config", s.Config, "--feature-auc", "95"], Cli.ExitCode.Usage, "CE8002", "feature_auc", "0.5 to 1", "got 95"),
        ["backfill: no range"] = new((f, s) => ["features", "backfill", "--config", s.Config, "--from", "2024-05-01", "--to", "2024-04-01", "--store", f["out"]], Cli.ExitCode.Usage, "CE3068", "before it begins", "swap --from and --to"),
        ["backfill: no step"] = new((f, s) => ["features", "backfill", "--config", s.Config, "--from", "2024-05-01", "--to", "2024-06-01", "--every", "week", "--store", f["out"]], Cli.ExitCode.Usage, "CE3068", "'week' is no step", "30d"),
        ["backfill: no end"] = new((_, s) => ["features", "backfill", "--config", s.Config, "--from", "2024-05-01"], Cli.ExitCode.Usage, "CE1003", "--to"),
        ["materialise: beyond the data"] = new((f, s) => ["features", "materialise", "--config", s.Config, "--as-of", "2026-01-01", "--store", f["out"]], Cli.ExitCode.Usage, "CE3067", "as of 2026-01-01", "beyond the end of the data", "extract_at"),
        ["materialise: beside strangers"] = new((f, s) => ["features", "materialise", "--config", s.Config, "--store", Path.GetDirectoryName(f.Write("out/letter.txt", "x"))!], Cli.ExitCode.Usage, "CE3062", "letter.txt", "nothing was touched"),
        ["materialise: into a file"] = new((f, s) => ["features", "materialise", "--config", s.Config, "--store", f.Write("file", "x")], Cli.ExitCode.Usage, "CE3064", "file' cannot be written"),
        ["materialise: another plan"] = new((f, s) => ["features", "materialise", "--config", s.Config, "--store", Store(f, new string('a', 64))], Cli.ExitCode.Usage, "CE3061", "filled by another plan", "expected plan aaaaaaaaaaaa", "--store"),
        ["materialise: damaged store"] = new((f, s) => ["features", "materialise", "--config", s.Config, "--store", Path.GetDirectoryName(f.Write("out/_store.json", "{"))!], Cli.ExitCode.BadInput, "CE3065", "_store.json' cannot be read"),
        ["join: no store"] = new((f, _) => ["features", "join", "--store", f["nothing"], "--pairs", f["pairs.csv"]], Cli.ExitCode.BadInput, "CE3060", "nothing' is no feature store", "churn features materialise"),
        ["join: pairs missing"] = new((f, _) => ["features", "join", "--store", Store(f), "--pairs", f["pairs.csv"], "--out", f["t.parquet"]], Cli.ExitCode.BadInput, "CE2001", "pairs.csv' does not exist"),
        ["join: no key column"] = new((f, _) => ["features", "join", "--store", Store(f), "--pairs", f.Write("pairs.csv", "customer,as_of\n1,2024-05-01\n"), "--out", f["t.parquet"]], Cli.ExitCode.BadInput, "CE3072", "no column 'customer_id'"),
        ["join: date that is not there"] = new((f, _) => ["features", "join", "--store", Store(f), "--pairs", f.Write("pairs.csv", "customer_id,as_of\n1,2024-05-01\n"), "--out", f["t.parquet"]], Cli.ExitCode.BadInput, "CE3070", "2024-05-01", "no date at all", "--at latest"),
        ["join: age without latest"] = new((f, _) => ["features", "join", "--store", Store(f), "--pairs", "p.csv", "--max-age", "3"], Cli.ExitCode.Usage, "CE1003", "--max-age", "--at latest"),
        ["join: negative age"] = new((f, _) => ["features", "join", "--store", Store(f), "--pairs", "p.csv", "--at", "latest", "--max-age", "-3"], Cli.ExitCode.Usage, "CE1001", "--max-age", "0 and up", "'-3'"),
        ["publish: empty store"] = new((f, _) => ["features", "publish", "--store", Store(f), "--out", f["f.sqlite"]], Cli.ExitCode.BadInput, "CE3070", "is empty", "backfill"),
        ["publish: another plan"] = new((f, s) => ["features", "publish", "--store", Store(f), "--config", s.Config, "--out", f["f.sqlite"]], Cli.ExitCode.Usage, "CE3061", "another plan"),
        ["get: no file"] = new((f, _) => ["features", "get", "--store", f["f.sqlite"], "--customer", "1"], Cli.ExitCode.BadInput, "CE3073", "does not exist", "churn features publish"),
        ["get: other file"] = new((f, s) => ["features", "get", "--store", s.Table, "--customer", "1"], Cli.ExitCode.BadInput, "CE3073", "not a database"),
        ["get: no customer"] = new((f, _) => ["features", "get", "--store", f["f.sqlite"]], Cli.ExitCode.Usage, "CE1003", "--customer"),
    };

    private static string Store(TemporaryDirectory folder, string? hash = null) => Path.GetDirectoryName(folder.Write("store/_store.json",
        $$"""{"format": 1, "plan_hash": "{{hash ?? new string('b', 64)}}", "entity": "customer_id", "key_type": "int64", "features": [{"name": "plays", "kind": "numeric", "unit": ""}]}"""))!;

    private static string Under(TemporaryDirectory folder) => Path.Combine(folder.Write("file", "x"), "below");

    private static string[] Table(TemporaryDirectory folder, string table, params string[] more) => ["train", "--table", table, "--id", "id", "--label", "Churn", "--model", folder["out/m.onnx"], .. more];

    private static string[] ScoreTable(TemporaryDirectory folder, SmallProject small, string table) => ["score", "--table", table, "--model", small.TableModel, "--out", folder["out"]];

    private static void Support(string world, string csv)
    {
        File.Delete(Path.Combine(world, "support.parquet"));
        File.WriteAllText(Path.Combine(world, "support.csv"), csv);
        FolderContent.Edit(Path.Combine(world, "churn.yaml"), "support.parquet", "support.csv");
    }

    private static string[] Read(string verb, TemporaryDirectory folder, SmallProject small, Action<string> spoil)
    {
        FolderContent.Copy(small.World, folder["world"]);
        spoil(folder["world"]);
        string[] common = [verb, "--config", folder["world/churn.yaml"]];
        return verb switch
        {
            "train" => [.. common, "--model", folder["out/m.onnx"]],
            "score" => [.. common, "--model", small.Model, "--out", folder["out"]],
            "features" => [.. common, "--out", folder["out/f.parquet"]],
            "evaluate" => [.. common, "--model", small.Model],
            "decide" => [.. common, "--out", folder["out/plan.csv"]],
            _ => common,
        };
    }
}
