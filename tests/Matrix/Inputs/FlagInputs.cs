namespace ChurnEngine.Matrix.Tests;

/// <summary>Command lines that make no sense.</summary>
internal static class FlagInputs
{
    public static IEnumerable<BadInput> All => [.. Words, .. Values, .. Scores];

    private static IEnumerable<BadInput> Words =>
    [
        Line("nothing", "", "CE1003") with { Names = ["score"] },
        Line("an unknown verb", "scor", "CE1002") with { Names = ["'scor'", "did you mean 'score'?"] },
        Line("an unknown option", "score --modle m.onnx", "CE1006") with { Names = ["'--modle'", "did you mean '--model'?"] },
        Line("an option of another verb", "validate --out x", "CE1006") with { Names = ["'--out'", "validate"] },
        Line("a word too many", "validate churn.yaml", "CE1006") with { Names = ["'churn.yaml'"] },
        Line("an option without its value", "score --model", "CE1003") with { Names = ["--model"] },
        Line("an option twice", "score --model a --model b", "CE1003") with { Names = ["--model"] },
        Line("a required option missing", "generate", "CE1003") with { Names = ["--out"] },
        Line("neither project nor table", "score", "CE1004") with { Names = ["--config", "--table"] },
        Line("project and table", "score --config churn.yaml --table people.csv", "CE1003") with { Names = ["--config", "--table"] },
        Line("a table without id", "train --table people.csv --label churned", "CE1005") with { Names = ["--id"] },
        Line("a table without label", "train --table people.csv --id id", "CE1005") with { Names = ["--label"] },
        Line("an unknown backend", "score --table people.csv --backend tensorflow", "CE1003") with { Names = ["tensorflow", "onnx"] },
        Line("an unknown scenario", "generate --scenario telecoms --out world", "CE1801") with { Names = ["'telecoms'", "did you mean 'telecom'?"] },
        Line("an error with --json", "score --table gone.csv --model gone.onnx --json", "CE5001") with { Exit = 3, Names = ["gone.onnx"] },
    ];

    private static IEnumerable<BadInput> Values =>
    [
        Line("no threads", Samples.FeaturesLine + " --threads 0", "CE1001") with { Names = ["--threads", "'0'"] },
        Line("a number of threads in words", Samples.FeaturesLine + " --threads two", "CE1001") with { Names = ["--threads", "two"] },
        Line("a billion threads", Samples.FeaturesLine + " --threads 1000000000", "CE1001") with { Names = ["--threads"] },
        Line("memory without a number", Samples.FeaturesLine + " --memory lots", "CE1001") with { Names = ["--memory", "'lots'"] },
        Line("memory below the least", Samples.FeaturesLine + " --memory 1MB", "CE1001") with { Names = ["--memory", "64MB"] },
        Line("memory below nothing", Samples.FeaturesLine + " --memory -8GB", "CE1001") with { Names = ["--memory"] },
        Line("memory beyond counting", Samples.FeaturesLine + " --memory 99999999999TB", "CE1001") with { Names = ["--memory"] },
        Line("an as-of that is no instant", Samples.FeaturesLine + " --as-of yesterday", "CE1001") with { Names = ["--as-of", "'yesterday'", "2024-12-31"] },
        Line("an as-of of two meanings", Samples.FeaturesLine + " --as-of 03/04/2024", "CE1001") with { Names = ["--as-of", "2024-12-31"] },
        Line("an as-of before all data", Samples.FeaturesLine + " --as-of 1999-01-01", "") with { Exit = 0, Says = "as of 1999-01-01" },
        Line("an as-of after the data", Samples.FeaturesLine + " --as-of 2090-01-01", "") with { Exit = 0, Says = "as of 2090-01-01" },
        Line("one fold", "train --table people.csv --id id --label churned --cv 1", "CE1106") with { Names = ["--cv", "1"] },
        Line("a fold for every second row and more", "train --table people.csv --id id --label churned --cv 51", "CE1106") with { Names = ["--cv", "51"] },
        Line("no trees", "train --table people.csv --id id --label churned --trees 0", "CE4007") with { Names = ["'trees'", "--trees"] },
        Line("a learning rate of 0", "train --table people.csv --id id --label churned --learning-rate 0", "CE4007") with { Names = ["--learning-rate"] },
        Line("a learning rate that is NaN", "train --table people.csv --id id --label churned --learning-rate NaN", "CE4007") with { Names = ["--learning-rate"] },
        Line("an algorithm that there is not", "train --table people.csv --id id --label churned --algorithm forrest", "CE1003") with { Names = ["forest", "logistic"] },
        Line("a flag of trees to logistic regression", "train --table people.csv --id id --label churned --algorithm logistic --max-leaves 9", "CE1119") with { Names = ["--max-leaves", "'logistic'"] },
        Line("a penalty to trees", "train --table people.csv --id id --label churned --alpha 1", "CE1119") with { Names = ["--alpha", "'boosting'"] },
        Line("a penalty below nothing", "train --table people.csv --id id --label churned --algorithm logistic --alpha -1", "CE4007") with { Names = ["--alpha"] },
        Line("a share of the penalty above 1", "train --table people.csv --id id --label churned --algorithm logistic --l1-ratio 1.5", "CE4007") with { Names = ["--l1-ratio"] },
        Line("no line of an explanation", "explain --top 0", "CE1001") with { Names = ["--top"] },
        Line("a seed in words", "train --table people.csv --id id --label churned --seed lucky", "CE1001") with { Names = ["--seed", "lucky"] },
        Line("no customers", "generate --customers 0 --out world", "CE1802") with { Names = ["--customers"] },
        Line("customers below nothing", "generate --customers -5 --out world", "CE1802") with { Names = ["--customers"] },
        Line("customers beyond counting", "generate --customers 99999999999 --out world", "CE1001") with { Names = ["--customers"] },
        Line("a hundred months", "generate --months 100 --out world", "CE1803") with { Names = ["--months"] },
        Line("a world into a folder that is in use", "generate --out .", "CE1804") with { Names = ["not empty"] },
        Line("a demo into a folder that is in use", "demo --out .", "CE1007") with { Names = ["nothing was touched"] },
    ];

    private static IEnumerable<BadInput> Scores =>
    [
        Line("fewer than no reasons", Samples.ScoreLine + " --reasons -1", "CE1001") with { Names = ["--reasons", "-1"] },
        Line("reasons from a percentage", Samples.ScoreLine + " --reasons-from 50", "CE1001") with { Names = ["--reasons-from", "50"] },
        Line("reasons from NaN", Samples.ScoreLine + " --reasons-from NaN", "CE1001") with { Names = ["--reasons-from"] },
        Line("a column that is no feature", Samples.ScoreLine + " --columns spent", "CE6003") with { Names = ["'spent'", "did you mean 'spend'?"] },
        Line("a column twice", Samples.ScoreLine + " --columns spend spend", "CE6006") with { Names = ["'spend'"] },
        Line("an output folder that holds other files", "score --table people.csv --model model.onnx --out .", "CE6001") with { Names = ["--out"] },
        Line("an output folder that is a file", "score --table people.csv --model model.onnx --out people.csv", "CE6004") with { Names = ["people.csv", "--out"] },
        Line("a model over a folder", "train --table people.csv --id id --label churned --cv 2 --trees 3 --model sub", "CE5013") with { Names = ["sub"] },
        Line("features over a folder", "features --config churn.yaml --out sub", "CE2012") with { Names = ["sub"] },
        Line("a save rate above 1", "decide --scores good --save-rate 40", "CE7001") with { Names = ["--save-rate", "40"] },
        Line("a capacity below nothing", "decide --scores good --capacity -1", "CE7001") with { Names = ["--capacity"] },
        Line("a budget below one contact", "decide --scores good --budget 5 --cost 10", "CE7003") with { Names = ["5"] },
        Line("a value column that the scores lack", "decide --scores good --value-column worth", "CE1108") with { Names = ["'worth'", "--columns"] },
        Line("a value column of texts", "decide --scores good --value-column reason_1", "CE1108") with { Names = ["'reason_1'"] },
        Line("scores whose part is damaged", "decide --scores bad", "CE2009") with { Exit = 3, Names = ["part-00000.parquet"] },
        Line("scores whose part is gone", "decide --scores lost", "CE6102") with { Exit = 3, Names = ["part-00000.parquet"] },
        Line("scores whose manifest is damaged", "decide --scores torn", "CE6101") with { Exit = 3, Names = ["torn"] },
        Line("scores that were never finished", "decide --scores half", "CE6101") with { Exit = 3, Names = ["half", "_SUCCESS"] },
        Line("an action plan over a folder", "decide --scores good --out sub", "CE7006") with { Names = ["sub"] },
    ];

    private static BadInput Line(string name, string line, string says) => new()
    {
        Group = "flags",
        Name = name,
        CommandLine = line,
        Arrange = scene => Put(scene, line),
        Exit = 2,
        Says = says,
    };

    private static void Put(Scene scene, string line)
    {
        scene.Write("people.csv", Samples.People);
        scene.Write("model.onnx", Samples.TableModel);
        Directory.CreateDirectory(scene["sub"]);
        scene.Write("sub/keep.txt", "mine");
        if (line.Contains("churn.yaml", StringComparison.Ordinal))
        {
            scene.Write("churn.yaml", Samples.Plan);
            scene.Write("customers.csv", Samples.Customers);
            scene.Write("events.csv", Samples.Events);
        }
        if (!line.StartsWith("decide", StringComparison.Ordinal))
            return;
        foreach (string folder in new[] { "good", "bad", "lost", "torn", "half" })
        {
            foreach ((string name, byte[] bytes) in Samples.Scores.Value)
                scene.Write($"{folder}/{name}", bytes);
        }
        scene.Write("bad/part-00000.parquet", "nonsense, nonsense");
        File.Delete(scene["lost/part-00000.parquet"]);
        scene.Write("torn/manifest.json", "{");
        File.Delete(scene["half/_SUCCESS"]);
    }
}
