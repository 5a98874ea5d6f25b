namespace ChurnEngine.Columns;

/// <summary>Finds the name that a misspelt one most likely meant.</summary>
public static class Suggestion
{
    private const int ShortestPrefix = 3;

    /// <summary>The same as a sentence of its own, for hints that go on.</summary>
    public static string Sentence(string name, IEnumerable<string> known)
    {
        string text = For(name, known);
        return text.EndsWith('?') ? text : text + ".";
    }

    /// <summary>Returns <c>did you mean 'x'?</c>, or a list of the known names when none is close.</summary>
    /// <param name="name">What the user wrote.</param>
    /// <param name="known">What would have been valid.</param>
    public static string For(string name, IEnumerable<string> known)
    {
        string[] candidates = [.. known];
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int distance = EditDistance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        if (best is not null && bestDistance <= Math.Max(1, name.Length / 3))
            return $"did you mean '{best}'?";
        if (name.Length >= ShortestPrefix && candidates.FirstOrDefault(candidate => IsPrefix(name, candidate) || (candidate.Length >= ShortestPrefix && IsPrefix(candidate, name))) is { } longer)
            return $"did you mean '{longer}'?";
        return candidates.Length == 0 ? "none is defined" : $"known: {string.Join(", ", candidates.Take(20))}{(candidates.Length > 20 ? ", ..." : "")}";
    }

    private static bool IsPrefix(string start, string whole) => whole.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    // Damerau's optimal string alignment: a transposition, the commonest slip, counts as one.
    private static int EditDistance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substitute = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(substitute, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[a.Length, b.Length];
    }
}
