using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Chooses the categories that get a bin of their own.</summary>
internal static class CategoryCodes
{
    /// <summary>The most frequent codes, ascending; among equally frequent ones the lower.</summary>
    /// <param name="sorted">Values, ascending, no NaN. What is no whole number below <see cref="CategorySet.MostCodes"/> is passed over.</param>
    /// <param name="most">Codes wanted at most.</param>
    public static int[] MostFrequent(ReadOnlySpan<float> sorted, int most)
    {
        var counts = new List<(int Code, int Count)>();
        for (int start = 0, next; start < sorted.Length; start = next)
        {
            float value = sorted[start];
            next = start + 1;
            while (next < sorted.Length && sorted[next] == value)
                next++;
            if (value is >= 0 and < CategorySet.MostCodes && value == MathF.Floor(value))
                counts.Add(((int)value, next - start));
        }
        return [.. counts.OrderByDescending(c => c.Count).ThenBy(c => c.Code).Take(most).Select(c => c.Code).Order()];
    }
}
