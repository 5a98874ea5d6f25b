using ChurnEngine.Evaluation;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Folds of a plain table: stratified ones, of whose training rows a part stops.</summary>
internal static class TableFolds
{
    /// <summary>Share of the rows that is measured on where there are no folds.</summary>
    public const double HoldoutShare = 0.2;

    /// <summary>The part of each row.</summary>
    /// <param name="strata">[N] 0 or 1: either is spread evenly over the parts. All 0: parts are drawn at random.</param>
    /// <param name="folds">Parts; 0 holds out one fifth only, as part 0.</param>
    /// <param name="seed">Key of the parts.</param>
    public static int[] Assign(float[] strata, int folds, long seed) => folds == 0
        ? [.. StratifiedHoldout.Assign(strata, HoldoutShare, seed).Select(held => held ? 0 : 1)]
        : StratifiedFolds.Assign(strata, Math.Min(folds, strata.Length), seed);

    /// <summary>The rows of a fold that train, and those that stop.</summary>
    /// <param name="strata">[N] 0 or 1.</param>
    /// <param name="rows">Rows of the other folds.</param>
    /// <param name="seed">Key of the folds.</param>
    public static (int[] Train, int[] Stop) SplitOff(float[] strata, int[] rows, long seed)
    {
        bool[] stops = StratifiedHoldout.Assign([.. rows.Select(row => strata[row])], TuningFolds.StoppingShare, seed + 1);
        return ([.. rows.Where((_, i) => !stops[i])], [.. rows.Where((_, i) => stops[i])]);
    }

    /// <summary>The positions of the rows whose part is wanted.</summary>
    public static int[] RowsWhere(int[] foldOf, Func<int, bool> wanted) => [.. Enumerable.Range(0, foldOf.Length).Where(row => wanted(foldOf[row]))];

    /// <summary>The folds, one at a time; whoever takes one disposes it.</summary>
    /// <param name="rows">All rows, with labels 0 or 1.</param>
    /// <param name="folds">Parts; 0 holds out one fifth only.</param>
    /// <param name="seed">Key of the folds.</param>
    public static IEnumerable<FoldData> Of(LabelledRows rows, int folds, long seed)
    {
        float[] strata = rows.Labels.ToArray();
        int[] foldOf = Assign(strata, folds, seed);
        for (int fold = 0; fold < Math.Max(1, folds); fold++)
        {
            int part = fold;
            (int[] train, int[] stop) = SplitOff(strata, RowsWhere(foldOf, f => f != part), seed);
            LabelledRows[] parts = [.. new[] { train, stop, RowsWhere(foldOf, f => f == part) }.Select(rows.Gather)];
            yield return new FoldData(folds == 0 ? "hold-out" : $"{fold + 1} of {folds}", (parts[0], parts[1], null, parts[2]), [.. parts.Select(one => one.Matrix)]);
        }
    }
}
