using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.DataGen;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>Data that stages start from, made once a size and seed, and anew when the code that makes it has changed.</summary>
internal sealed class StageCache(StageOptions options)
{
    // What was made by other code may differ in content or form. The identity of an assembly changes with every change of its sources.
    private static readonly string s_worldMaker = Identity(typeof(DataGen.World), typeof(Ingest.IngestSession));
    private static readonly string s_modelMaker = Identity(typeof(DataGen.World), typeof(Ingest.IngestSession), typeof(Features.Featurizer),
        typeof(Trainer.Booster), typeof(Models.ChurnModel), typeof(TrainStep), typeof(Scoring.ScoringJob));

    private string Size => string.Create(CultureInfo.InvariantCulture, $"{options.Customers}-{options.Months}m-seed{options.Seed}");

    private string Shape => string.Create(CultureInfo.InvariantCulture, $"{Size}-f{options.Features}-t{options.Trees}-s{options.Snapshots}");

    // The preparation is not what is measured, so it may use the whole machine.
    private static JobBudget Preparation { get; } = new();

    /// <summary>Folder of the world, with its churn.yaml.</summary>
    public string World()
    {
        if (options.World is { } given)
            return File.Exists(Path.Combine(given, "churn.yaml")) ? given : throw new BenchException($"'{given}' holds no world", "name a folder that `churn generate` filled, or leave --world out");
        return Make($"world-{Size}", s_worldMaker, folder =>
        {
            using var tables = new NativeTables(Preparation);
            DataGen.World.Generate(WorldOptions(Preparation), folder, tables.OpenParquet, null, CancellationToken.None);
        });
    }

    /// <summary>The world's project, with the plan, trees and snapshots that the options ask for.</summary>
    public ProjectConfig Project()
    {
        ProjectConfig project = StageProject.Read(Path.Combine(World(), "churn.yaml"), options);
        FeatureCount = project.Plan.Features.Count;
        return project;
    }

    /// <summary>Features of the plan; 0 before <see cref="Project"/> was asked for.</summary>
    public int FeatureCount { get; private set; }

    /// <summary>A model file of that project.</summary>
    public string Model()
    {
        ProjectConfig project = Project();
        string folder = Make($"model-{Shape}", s_modelMaker + project.Plan.Hash, made =>
        {
            // A small world may alarm by chance; this model serves nobody.
            var request = new TrainRequest { ModelPath = Path.Combine(made, "model.onnx"), EngineVersion = "bench", AllowLeakage = "benchmark" };
            TrainStep.Run(project, request, OnnxModelBackend.Open, new StepContext(Preparation, null, CancellationToken.None));
        });
        return Path.Combine(folder, "model.onnx");
    }

    /// <summary>A folder with that model's finished scores.</summary>
    public string Scores()
    {
        ProjectConfig project = Project();
        string model = Model();
        string folder = Make($"scores-{Shape}", s_modelMaker + project.Plan.Hash, made =>
        {
            var request = new ScoreRequest { AsOf = project.Score.AsOf, OutputDirectory = Path.Combine(made, "scores"), Reasons = 0, EngineVersion = "bench" };
            ScoreStep.Run(ScoreInput.Of(project), new ModelChoice(model, OnnxModelBackend.Open), request, new StepContext(Preparation, null, CancellationToken.None));
        });
        return Path.Combine(folder, "scores");
    }

    /// <summary>What world the options mean.</summary>
    public WorldOptions WorldOptions(JobBudget budget) => new() { Customers = options.Customers, Months = options.Months, Seed = options.Seed, Budget = budget };

    /// <summary>A folder of this process alone, for what a timed round writes.</summary>
    public string Scratch(string name) => Path.Combine(options.Cache, $"{name}-{Environment.ProcessId}");

    /// <summary>Whether the world of the options is made, by this code.</summary>
    public bool HasWorld => options.World is not null || IsMade($"world-{Size}", s_worldMaker);

    private bool IsMade(string name, string maker)
    {
        string stamp = Path.Combine(options.Cache, name + ".made");
        return File.Exists(stamp) && File.ReadAllText(stamp) == maker && Directory.Exists(Path.Combine(options.Cache, name));
    }

    /// <summary>A folder that is filled once, and anew when what made it has changed.</summary>
    public string Make(string name, string maker, Action<string> fill)
    {
        string folder = Path.Combine(options.Cache, name), stamp = Path.Combine(options.Cache, name + ".made");
        if (IsMade(name, maker))
            return folder;
        Directory.CreateDirectory(options.Cache);
        File.Delete(stamp);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Console.Error.WriteLine($"preparing {name}");
        Directory.CreateDirectory(folder);
        fill(folder);
        File.WriteAllText(stamp, maker);
        return folder;
    }

    private static string Identity(params Type[] makers) => string.Join(' ', makers.Select(maker => maker.Module.ModuleVersionId));
}
