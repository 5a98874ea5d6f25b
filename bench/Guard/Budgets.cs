using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChurnEngine.Bench;

/// <summary>What one stage or kernel may cost.</summary>
internal sealed record Budget
{
    /// <summary>Most managed bytes of a round of a stage, or of a call of a kernel; the same everywhere.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>By instruction set (<see cref="MachineInfo.InstructionSet"/>): a kernel is nearer to its scalar form where vectors are narrower. A set that is missing has no budget of time.</summary>
    public SortedDictionary<string, SpeedBudget> Speed { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>How slow one stage or kernel may be under one instruction set.</summary>
internal sealed record SpeedBudget
{
    /// <summary>Largest time / time of the scalar form; null for a stage.</summary>
    public double? Ratio { get; init; }

    /// <summary>Least share of the machine's limit.</summary>
    public double LimitShare { get; init; }
}

/// <summary>bench/budgets.json: ceilings for allocations and, by instruction set, for ratios to the scalar form, and floors for shares of the machine's limit. No absolute time is in it.</summary>
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

    /// <summary>Instruction sets that have budgets of time.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> InstructionSets => [.. Stages.Values.Concat(Kernels.Values).SelectMany(budget => budget.Speed.Keys).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A budget as measured, with what other instruction sets were given before.</summary>
    public static Budget Joined(Budget measured, Budget? before)
    {
        foreach ((string set, SpeedBudget speed) in before?.Speed ?? [])
            measured.Speed.TryAdd(set, speed);
        return measured;
    }

    /// <summary>How a kernel's case is called there.</summary>
    public static string KeyOf(KernelCase one) => string.Join(' ', [one.Name, .. one.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")]);
}
