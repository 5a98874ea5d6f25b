using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.DataGen;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench.Drift;

/// <summary>How much is watched.</summary>
internal sealed record DriftSize(int Worlds, int Customers, int Threads);

/// <summary>What came of one change.</summary>
/// <param name="Name">In words.</param>
/// <param name="Asked">As the generator is asked for it.</param>
/// <param name="Found">Window after its start in which an alarm rang first, from 1; 0 for none.</param>
/// <param name="Named">What that alarm named.</param>
/// <param name="Before">Alarms in the last window before it.</param>
internal sealed record DriftChange(string Name, string Asked, int Found, IReadOnlyList<string> Named, int Before);

/// <summary>One model, watched on other worlds of the same law, and on worlds whose law changes on a day.</summary>
/// <param name="Windows">Windows in which nothing had changed.</param>
/// <param name="FalseAlarms">Those that rang, with what they named.</param>
/// <param name="Changes">One a change.</param>
internal sealed record DriftRun(int Windows, IReadOnlyList<string> FalseAlarms, IReadOnlyList<DriftChange> Changes)
{
    private const int TrainingMonths = 12, Months = 18, WindowsAWorld = 5;
    private const long Month = 30L * 86_400_000_000;
    private const string Start = "2024-01-01";

    // Plays fall, bills rise, more goes wrong; and a law that changes with no customer looking other than before.
    private static readonly (string Name, string Feature, DataGen.DriftKind? Kind, double By)[] s_changes =
    [
        ("half as many plays", "plays", null, 0.5), ("three times the errors", "errors", null, 3), ("three times the support tickets", "tickets", null, 3), ("four times the failed charges", "failed_charges", null, 4),
        ("prices a third higher", "monthly_price", null, 4.0 / 3), ("those who come half as old again", "age", null, 1.5),
        ("plays swing three times as far, their mean stays (variance)", "plays", DataGen.DriftKind.Variance, 3), ("two in five of those who come by a new channel (category)", "channel", DataGen.DriftKind.Category, 0.4),
        ("a month in which nobody's age is recorded (missing)", "age", DataGen.DriftKind.Missing, 1), ("friction weighs five times as much (concept)", "friction_law", null, 5),
    ];

    public static DriftRun Of(DriftSize size, string folder, Action<string> tell, CancellationToken cancellation)
    {
        var budget = new JobBudget { Threads = size.Threads };
        StepContext Context() => new(budget, null, cancellation);
        ProjectConfig training = World("training", 1, TrainingMonths, []);
        var request = new TrainRequest { ModelPath = Path.Combine(folder, "model.onnx"), EngineVersion = SourceTree.Commit };
        TrainReport model = TrainStep.Run(training, request, OnnxModelBackend.Open, Context());
        var choice = new ModelChoice(model.Model, OnnxModelBackend.Open);
        long first = InstantAt(TrainingMonths);
        var falseAlarms = new List<string>();
        for (int world = 0; world < size.Worlds; world++)
        {
            ProjectConfig project = World("world", 100 + world, Months, []);
            for (int window = 0; window < WindowsAWorld; window++)
            {
                MonitorReport report = Watch(project, first + window * Month);
                if (report.Alarms.Count > 0)
                    falseAlarms.Add($"world {world + 1}, window {window + 1}: {string.Join(", ", report.Alarms.Select(alarm => alarm.Subject))}");
            }
            tell($"world {world + 1} of {size.Worlds}: {falseAlarms.Count} false alarms so far");
        }
        var changes = new List<DriftChange>();
        foreach ((string name, string feature, DataGen.DriftKind? kind, double by) in s_changes)
        {
            // It starts with the second window: the first still sees the old law.
            var drift = new DataGen.Drift(feature, first / 1_000_000, by) { Kind = kind, Until = kind == DataGen.DriftKind.Missing ? (first + Month) / 1_000_000 : null };
            ProjectConfig project = World("drifted", 500, Months, [drift]);
            int before = Watch(project, first).Alarms.Count, found = 0;
            IReadOnlyList<string> named = [];
            for (int window = 1; window < WindowsAWorld && found == 0; window++)
            {
                MonitorReport report = Watch(project, first + window * Month);
                if (report.Alarms.Count > 0)
                    (found, named) = (window, [.. report.Alarms.Select(alarm => alarm.Subject)]);
            }
            changes.Add(new DriftChange(name, string.Create(CultureInfo.InvariantCulture, $"{feature}{(kind is { } how ? $", {how.ToString().ToLowerInvariant()}" : " x")} {by:0.##}"), found, named, before));
            tell($"{name}: {(found == 0 ? "not found" : $"window {found}: {string.Join(", ", named.Take(4))}")}");
        }
        return new DriftRun(size.Worlds * WindowsAWorld, falseAlarms, changes);

        ProjectConfig World(string name, long seed, int months, IReadOnlyList<DataGen.Drift> drifts)
        {
            string path = Path.Combine(folder, name);
            FileChanges.Delete(path);
            using var tables = new NativeTables(budget);
            DataGen.World.Generate(new WorldOptions { Customers = size.Customers, Months = months, Seed = seed, Drifts = drifts, Budget = budget }, path, tables.OpenParquet, null, cancellation);
            return ProjectConfig.Load(Path.Combine(path, "churn.yaml"));
        }

        // Labels of a window are those whose month is over by then.
        MonitorReport Watch(ProjectConfig project, long asOf) => MonitorStep.Run(ScoreInput.Of(project), project,
            new MonitorRequest { AsOf = asOf, WithLabels = true, LabelsAsOf = asOf - 2 * Month, Settings = project.Monitor }, choice, Context());
    }

    private static long InstantAt(int months) => (DateTimeOffset.Parse(Start, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds() * 1000) + months * Month;
}
