using System.Globalization;
using System.Text.Json;
using ChurnEngine.Bench.Peers;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>How long, with how many connections, and at which rate memory is watched.</summary>
internal sealed record ServeSize(int Seconds, int Connections, int Minutes, int Rate, string Backend);

/// <summary>The service on one core, who asks on another.</summary>
internal static class ServeMeasurement
{
    // The runtime compiles what is called often anew, with what it learnt, for the first thousands of requests: of raw events those take half a minute.
    private const int WarmUpSeconds = 30;

    private const string CacheName = "cache";

    private const int Trees = 200, Customers = 512, Events = 1_000, ServerCore = 0, ClientCore = 1;

    public static SuiteRun Run(ServeSize size, CancellationToken cancellation)
    {
        SuiteRun run = SuiteRun.Start("serve");
        string folder = Directory.CreateTempSubdirectory("churn-bench-serve-").FullName;
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        nint cores = OperatingSystem.IsLinux() ? self.ProcessorAffinity : 0;
        try
        {
            string features = Path.Combine(folder, "features.onnx"), cache = Path.Combine(folder, CacheName);
            FeaturePlan plan = FeaturePlan.Parse(EventsPlan.Yaml(30), "features.yaml");
            TrainOnRandomRows(plan, features);
            Say("generating a music log");
            string config = Path.Combine(folder, "music", "churn.yaml"), music = Path.Combine(folder, "music.onnx");
            ServedProcess.Run(cache, "generate", "--scenario", "music-log", "--customers", "250", "--seed", "7", "--out", Path.Combine(folder, "music"), "--quiet");
            ServedProcess.Run(cache, "train", "--config", config, "--trees", $"{Trees}", "--model", music, "--runs", "none", "--quiet");
            // From here on who asks stays on a core of its own.
            if (OperatingSystem.IsLinux())
                self.ProcessorAffinity = 1 << ClientCore;
            return run with
            {
                Entries =
                [
                    .. Measure("features by name, 30 x 200 trees", [.. Questions(plan).Select(body => HttpLoader.Post("/predict_churn", body))], size, folder, ["--model", features], cancellation),
                    .. Measure("1,000 raw events, 167 features", [HttpLoader.Post("/predict/user", HeavyUser(Path.Combine(folder, "music")))], size with { Minutes = 0 }, folder, ["--model", music, "--config", config, "--log", Path.Combine(folder, "log")], cancellation),
                ],
            };
        }
        finally
        {
            if (OperatingSystem.IsLinux())
                self.ProcessorAffinity = cores;
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<ResultEntry> Measure(string task, IReadOnlyList<byte[]> requests, ServeSize size, string folder, string[] arguments, CancellationToken cancellation)
    {
        string[] line = [.. arguments, "--backend", size.Backend, .. arguments.Contains("--log") ? Array.Empty<string>() : ["--log", Path.Combine(folder, "log")]];
        string cache = Path.Combine(folder, CacheName);
        // A first start finds what the training left of those whom customers are compared with; the next one also what ONNX Runtime prepared.
        double firstStart;
        using (var first = ServedProcess.Start(ServerCore, cache, line))
            firstStart = first.StartSeconds;
        using var service = ServedProcess.Start(ServerCore, cache, line);
        var loader = new HttpLoader(service.Address, requests);
        Say($"{task}: warming up");
        loader.Run(size.Connections, TimeSpan.FromSeconds(WarmUpSeconds), 0, cancellation);
        SortedDictionary<string, string> parameters = new(StringComparer.Ordinal) { ["backend"] = size.Backend };
        List<ResultEntry> entries =
        [
            new() { Name = "first start", Parameters = With(parameters, "calls", task), Unit = "s", Value = firstStart },
            new() { Name = "start", Parameters = With(parameters, "calls", task), Unit = "s", Value = service.StartSeconds },
        ];
        foreach (int connections in new[] { 1, size.Connections })
        {
            Say($"{task}: {connections} connections");
            HttpLoader.Outcome outcome = loader.Run(connections, TimeSpan.FromSeconds(size.Seconds), 0, cancellation);
            entries.AddRange(Entries($"{task}, {connections} at once", outcome, parameters));
        }
        if (size.Minutes > 0)
            entries.AddRange(Soak(task, service, loader, size, parameters, cancellation));
        return entries;
    }

    // Memory of the first minute is not counted: buffers and compiled code come until then.
    private static List<ResultEntry> Soak(string task, ServedProcess service, HttpLoader loader, ServeSize size, SortedDictionary<string, string> parameters, CancellationToken cancellation)
    {
        long first = 0;
        List<ResultEntry> entries = [];
        for (int minute = 0; minute < size.Minutes; minute++)
        {
            HttpLoader.Outcome outcome = loader.Run(size.Connections, TimeSpan.FromMinutes(1), size.Rate, cancellation);
            long resident = service.ResidentBytes;
            first = minute == 0 ? resident : first;
            Say($"{task}: minute {minute + 1}, {outcome.Micros.Length:N0} answers, {outcome.Failed} failed, slowest {outcome.Micros.Max() / 1000:0.0} ms, {Numbers.Bytes(resident)}");
            if (minute == size.Minutes - 1)
            {
                entries.AddRange(Entries($"{task}, {size.Rate} a second", outcome, parameters));
                entries.Add(new ResultEntry { Name = "soak growth", Parameters = With(With(parameters, "calls", task), "minutes", $"{size.Minutes}"), Unit = "bytes", Value = resident - first });
            }
        }
        return entries;
    }

    private static IEnumerable<ResultEntry> Entries(string calls, HttpLoader.Outcome outcome, SortedDictionary<string, string> parameters)
    {
        if (outcome.Failed > 0)
            throw new BenchException($"{outcome.Failed} of {outcome.Micros.Length} answers were refusals", "this is a bug of the service or of the loader: please report it");
        yield return new ResultEntry { Name = "rate", Parameters = With(parameters, "calls", calls), Unit = "predictions/s", Value = outcome.Micros.Length / outcome.Seconds, Rows = outcome.Micros.Length, Seconds = outcome.Seconds };
        foreach (ResultEntry entry in LatencyEntries.Of("serve", calls, outcome.Micros, parameters))
            yield return entry;
    }

    private static void TrainOnRandomRows(FeaturePlan plan, string path)
    {
        const int Rows = 20_000;
        var random = new Random(1);
        using FeatureMatrix matrix = FeatureMatrix.Allocate(plan.Features, Rows);
        float[] labels = new float[Rows];
        for (int row = 0; row < Rows; row++)
        {
            Span<float> values = matrix.Row(row);
            double sum = 0;
            for (int feature = 0; feature < values.Length; feature++)
            {
                values[feature] = random.Next(12) == 0 ? float.NaN : MathF.Round(random.NextSingle() * 100, 2);
                sum += float.IsNaN(values[feature]) ? 0 : (feature % 3 - 1) * values[feature] / 50;
            }
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-sum)) ? 1 : 0;
        }
        BoosterResult result = Booster.Fit(new LabelledRows(matrix, labels), null, new BoosterOptions { Trees = Trees });
        ModelFile.Save(new ChurnModel { Predictor = result.Ensemble, Metadata = new ModelMetadata { Features = plan.Features, Plan = plan.ToYaml(), PlanHash = plan.Hash } }, path, matrix);
    }

    private static IEnumerable<string> Questions(FeaturePlan plan)
    {
        var random = new Random(2);
        for (int customer = 0; customer < Customers; customer++)
            yield return JsonSerializer.Serialize(new { user_id = $"{customer}", features = plan.Features.ToDictionary(feature => feature.Name, _ => random.Next(12) == 0 ? (double?)null : Math.Round(random.NextDouble() * 100, 2)) });
    }

    // The last thousand lines of the user with the most, as they stand in the log.
    private static string HeavyUser(string world)
    {
        var lines = Directory.GetFiles(Path.Combine(world, "log"), "*.json").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
            .Select(line => (Line: line, User: JsonDocument.Parse(line).RootElement.GetProperty("userId").ToString())).Where(line => line.User.Length > 0)
            .GroupBy(line => line.User).MaxBy(user => user.Count())!;
        string[] events = [.. lines.Select(line => line.Line).TakeLast(Events)];
        if (events.Length < Events)
            throw new BenchException($"the busiest user has {events.Length} events", "generate a longer log");
        return string.Create(CultureInfo.InvariantCulture, $"{{\"user_id\": {JsonSerializer.Serialize(lines.Key)}, \"as_of\": \"2024-12-26\", \"events\": [{string.Join(",", events)}]}}");
    }

    private static SortedDictionary<string, string> With(SortedDictionary<string, string> parameters, string key, string value) => new(parameters, StringComparer.Ordinal) { [key] = value };

    private static void Say(string what) => Console.Error.WriteLine(what);
}
