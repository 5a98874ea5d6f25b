using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>The rows of one fold that a model is measured on. Owns what it was cut from; dispose it once.</summary>
/// <param name="name">What it is called: the instant it is tested at, or its number.</param>
/// <param name="rows">Rows to learn from; those that choose how much is learnt; those that calibrate, null: the same; those to measure on.</param>
/// <param name="owned">Matrices and sets that go with it.</param>
internal sealed class FoldData(string name, (LabelledRows Train, LabelledRows Stop, LabelledRows? Calibrate, LabelledRows Test) rows, IReadOnlyList<IDisposable> owned) : IDisposable
{
    public string Name => name;

    public LabelledRows Train => rows.Train;

    public LabelledRows Stop => rows.Stop;

    public LabelledRows Calibrate => rows.Calibrate ?? rows.Stop;

    public LabelledRows Test => rows.Test;

    /// <summary>Snapshots with their use; empty of a plain table.</summary>
    public IReadOnlyList<SnapshotUse> Snapshots { get; init; } = [];

    /// <summary>Folds for a search within what this one trains on; null: stratified ones.</summary>
    public Func<LabelledRows, TuningFolds>? Inner { get; init; }

    public void Dispose()
    {
        foreach (IDisposable one in owned)
            one.Dispose();
    }
}
