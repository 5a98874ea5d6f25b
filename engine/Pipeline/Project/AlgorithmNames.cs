using System.Text.Json;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>The algorithms as churn.yaml, the command line and reports call them.</summary>
public static class AlgorithmNames
{
    /// <summary>Every name, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<AlgorithmKind>().Select(Of)];

    internal static string Of(AlgorithmKind algorithm) => JsonNamingPolicy.SnakeCaseLower.ConvertName(algorithm.ToString());

    internal static AlgorithmKind Find(string name) => Enum.GetValues<AlgorithmKind>().Single(algorithm => Of(algorithm) == name);
}
