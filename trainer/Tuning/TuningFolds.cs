using ChurnEngine.Columns;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Trainer;

/// <summary>One fold within what is trained on.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Stop">Rows that choose how much is learnt, and calibrate.</param>
/// <param name="Test">Rows that a trial is scored on.</param>
public sealed record TuningFold(string Name, LabelledRows Train, LabelledRows Stop, LabelledRows Test);

/// <summary>Folds within what is trained on. Owns their matrices; dispose it once.</summary>
/// <param name="folds">1 and up.</param>
/// <param name="owned">What goes with them.</param>
public sealed class TuningFolds(IReadOnlyList<TuningFold> folds, IReadOnlyList<IDisposable> owned) : IDisposable
{
    /// <summary>Share of a fold's training rows that stops its training.</summary>
    public const double StoppingShare = 0.15;

    /// <summary>The folds.</summary>
    public IReadOnlyList<TuningFold> Folds => folds;

    /// <summary>Stratified folds of rows without time.</summary>
    /// <param name="rows">[N] rows with 0/1 labels.</param>
    /// <param name="folds">2 and up; fewer where a class has fewer rows.</param>
    /// <param name="seed">Key of the folds.</param>
    /// <remarks>Memory: the rows once a fold.</remarks>
    public static TuningFolds Stratified(LabelledRows rows, int folds, long seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int[] foldOf = StratifiedFolds.Assign(rows.Labels.Span, Math.Min(folds, rows.Labels.Length), seed);
        var result = new List<TuningFold>();
        var owned = new List<IDisposable>();
        for (int fold = 0; fold < folds; fold++)
        {
            int[] test = [.. Enumerable.Range(0, foldOf.Length).Where(row => foldOf[row] == fold)], rest = [.. Enumerable.Range(0, foldOf.Length).Where(row => foldOf[row] != fold)];
            bool[] stops = StratifiedHoldout.Assign([.. rest.Select(row => rows.Labels.Span[row])], StoppingShare, seed + 1);
            LabelledRows[] parts = [.. new int[][] { [.. rest.Where((_, i) => !stops[i])], [.. rest.Where((_, i) => stops[i])], test }.Select(rows.Gather)];
            owned.AddRange(parts.Select(part => part.Matrix));
            result.Add(new TuningFold($"{fold + 1} of {folds}", parts[0], parts[1], parts[2]));
        }
        return new TuningFolds(result, owned);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable one in owned)
            one.Dispose();
    }
}
