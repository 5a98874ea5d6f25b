using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>What a gate said.</summary>
/// <param name="Gate">Its name, as churn.yaml has it.</param>
/// <param name="Passed">Whether the version may pass.</param>
/// <param name="Why">In one sentence, with the numbers.</param>
public sealed record GateVerdict(string Gate, bool Passed, string Why);

/// <summary>A condition that a version meets before an alias moves to it. Another one is a class with this interface, and a line in <see cref="GateOptions.Gates"/>.</summary>
public interface IGate
{
    /// <summary>Its name, as churn.yaml has it.</summary>
    string Name { get; }

    /// <summary>Judges.</summary>
    /// <param name="evidence">The candidate, and what is known of it.</param>
    GateVerdict Check(GateEvidence evidence);
}

/// <summary>What gates judge by.</summary>
/// <param name="Candidate">The model that asks.</param>
/// <param name="Comparison">How it does beside the champion; null: there is none, or it is the champion.</param>
public sealed record GateEvidence(ChurnModel Candidate, ChampionComparison? Comparison);

/// <summary>Two models on the same rows, later than the training of both; or why there are none.</summary>
public sealed record ChampionComparison
{
    /// <summary>Version of the champion.</summary>
    public required string Champion { get; init; }

    /// <summary>Why the two cannot be compared, in words; null when the rows are there.</summary>
    public string? Obstacle { get; init; }

    /// <summary>How the rows came about, in words.</summary>
    public string Design { get; init; } = "";

    /// <summary>[N] predictions of the candidate.</summary>
    public float[] CandidatePredicted { get; init; } = [];

    /// <summary>[N] predictions of the champion.</summary>
    public float[] ChampionPredicted { get; init; } = [];

    /// <summary>[N] labels.</summary>
    public float[] Labels { get; init; } = [];

    /// <summary>[N] number of each row's customer.</summary>
    public int[] Customers { get; init; } = [];
}
