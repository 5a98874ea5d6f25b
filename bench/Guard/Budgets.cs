using System.Text.Json;

namespace ChurnEngine.Bench;

/// <summary>What one stage or kernel may cost.</summary>
internal sealed record Budget
{
    /// <summary>Most managed bytes of a round of a stage, or of a call of a kernel.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Largest time / time of the scalar form; null for a stage.</summary>
    public double? Ratio { get; init; }

    /// <summary>Least share of the machine's limit.</summary>
    public double LimitShare { get; init; }
}

/// <summary>bench/budgets.json: ceilings for allocations and for ratios to the scalar form, floors for shares of the machine's limit. No absolute time is in it.</summary>
internal sealed record Budgets
{
    /// <summary>World that the stages' allocations belong to.</summary>
    public required int Customers { get; init; }

    /// <inheritdoc cref="Customers"/>
    public required int Threads { get; init; }

    public required SortedDictionary<string, Budget> Stages { get; init; }

    public required SortedDictionary<string, Budget> Kernels { get; init; }

    public static string File { get; } = Path.Combine(SourceTree.Root, "bench", "budgets.json");

    public static Budgets Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Budgets>(System.IO.File.ReadAllText(path), BenchJson.Indented) ?? throw new JsonException("the file is empty");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BenchException($"'{path}' cannot be read as budgets: {problem.Message}", "write it anew with `bench guard --write`");
        }
    }

    public void Write(string path) => System.IO.File.WriteAllText(path, JsonSerializer.Serialize(this, BenchJson.Indented) + "\n");

    /// <summary>How a kernel's case is called there.</summary>
    public static string KeyOf(KernelCase one) => string.Join(' ', [one.Name, .. one.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")]);
}
