using System.Text.Json.Nodes;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Peers;

/// <summary>Options of one training, the same for every booster, and how each library spells them.</summary>
internal sealed record TrainingCase
{
    public required RowShape Shape { get; init; }

    public required GrowthPolicy Growth { get; init; }

    public int Bins { get; init; } = 255;

    public int Threads { get; init; } = 1;

    public int Trees { get; init; } = 200;

    public const double Rate = 0.1;

    public const double L2 = 1;

    public const double MinChildWeight = 1e-3;

    /// <summary>31 leaves wherever they pay, or every leaf down to depth 6.</summary>
    public int Leaves => Growth == GrowthPolicy.LeafWise ? 31 : 64;

    /// <summary>0: no limit.</summary>
    public int Depth => Growth == GrowthPolicy.LeafWise ? 0 : 6;

    private string GrowthName => Growth == GrowthPolicy.LeafWise ? "leaf-wise" : "depth-wise";

    public IReadOnlyList<KeyValuePair<string, string>> Parameters =>
    [
        new("shape", Shape.Name), new("growth", Growth == GrowthPolicy.LeafWise ? "31 leaves" : "depth 6"), new("bins", $"{Bins}"), new("threads", $"{Threads}"),
    ];

    public string Describe() =>
        $"{Shape}, {Trees} trees, rate {Rate}, {(Depth == 0 ? $"{Leaves} leaves leaf-wise, no depth limit" : "depth 6 depth-wise, 64 leaves")}, {Bins} bins and one for missing, L2 {L2}, L1 0, "
        + $"least gain 0, least hessian of a leaf {MinChildWeight}, least rows of a leaf 1, no sampling, no early stopping, start at the mean label, categories as plain numbers, {Threads} {(Threads == 1 ? "thread" : "threads")}";

    /// <summary>What a child is told.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="files">The arrays.</param>
    /// <param name="predictions">Where to leave the probabilities of the test rows.</param>
    public JsonObject Options(string peer, RowFiles files, string predictions) => new()
    {
        ["peer"] = peer,
        ["x_train"] = files.XTrain,
        ["y_train"] = files.YTrain,
        ["x_test"] = files.XTest,
        ["predictions"] = predictions,
        ["growth"] = GrowthName,
        ["leaves"] = Leaves,
        ["depth"] = Depth,
        ["bins"] = Bins,
        ["trees"] = Trees,
        ["rate"] = Rate,
        ["l2"] = L2,
        ["min_child_weight"] = MinChildWeight,
        ["threads"] = Threads,
    };

    /// <summary>The same for our trainer.</summary>
    public static BoosterOptions ToBooster(JsonObject options) => new()
    {
        Growth = (string)options["growth"]! == "leaf-wise" ? GrowthPolicy.LeafWise : GrowthPolicy.DepthWise,
        MaxLeaves = (int)options["leaves"]!,
        MaxDepth = (int)options["depth"]!,
        MaxBins = (int)options["bins"]!,
        Trees = (int)options["trees"]!,
        LearningRate = (double)options["rate"]!,
        L2 = (double)options["l2"]!,
        MinChildWeight = (double)options["min_child_weight"]!,
        MinRowsInLeaf = 1,
        EarlyStoppingRounds = 0,
        Threads = (int)options["threads"]!,
    };
}
