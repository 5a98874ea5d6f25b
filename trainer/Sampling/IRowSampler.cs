namespace ChurnEngine.Trainer;

/// <summary>Decides which rows each tree sees, and how much each counts. One file each; a new one is handed over in <see cref="BoosterInputs.Sampler"/>.</summary>
/// <remarks>What it decides may depend on nothing but seed, tree, row id and gradients, or the result would depend on threads. Chunks are weighed in parallel.</remarks>
public interface IRowSampler
{
    /// <summary>True when every tree sees every row once: then nothing else is asked.</summary>
    bool KeepsAll { get; }

    /// <summary>Told once before the chunks of a tree are weighed.</summary>
    /// <param name="tree">Number of the tree, from 0.</param>
    /// <param name="gradients">What is known of all rows.</param>
    void StartTree(int tree, IGradientRanks gradients);

    /// <summary>Says how much consecutive rows count.</summary>
    /// <param name="tree">Number of the tree.</param>
    /// <param name="firstRow">Id of the first row.</param>
    /// <param name="gradients">[n] first derivatives, weights included.</param>
    /// <param name="weights">[n] set: what both derivatives are multiplied by; 0 leaves the row out.</param>
    void Weigh(int tree, int firstRow, ReadOnlySpan<float> gradients, Span<float> weights);
}

/// <summary>Order statistics of the gradients of all rows.</summary>
public interface IGradientRanks
{
    /// <summary>The magnitude that the largest <paramref name="share"/> of the gradients reach: exact.</summary>
    /// <param name="share">Above 0 up to 1.</param>
    float MagnitudeOfTop(double share);
}
