namespace ChurnEngine.Models;

/// <summary>Something that computes a model's outputs for blocks of rows. Thread-safe: partitions call it in parallel.</summary>
public interface IModelBackend : IDisposable
{
    /// <summary>Short name, as in <c>--backend</c> and the manifest.</summary>
    string Name { get; }

    /// <summary>F, the width of a row.</summary>
    int FeatureCount { get; }

    /// <summary>Computes the outputs of N rows.</summary>
    /// <param name="rows">[N * F] row-major values, NaN where missing.</param>
    /// <param name="predicted">[N] calibrated probability of a classifier, 0..1; value of a regression.</param>
    /// <param name="margin">[N] what calibration starts from: raw log-odds of a classifier, of a regression the value again, whatever its link.</param>
    /// <remarks>Memory: allocates nothing that grows with the number of calls. Errors: ArgumentException when the lengths do not fit.</remarks>
    void Predict(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin);
}

/// <summary>Opens the backend that will serve a model. Cli and Service hand one to the stages, which know no runtime.</summary>
public delegate IModelBackend OpenModelBackend(ChurnModel model);
