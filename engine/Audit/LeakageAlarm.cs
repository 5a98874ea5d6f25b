using ChurnEngine.Columns;

namespace ChurnEngine.Audit;

/// <summary>Looks for what is too good to be true: a feature that alone knows the label, or a model better than a model can be.</summary>
public static class LeakageAlarm
{
    /// <summary>Checks every feature, and the model.</summary>
    /// <param name="matrix">[N, F] training features; N below 2^31.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="modelAuc">AUC of the model on data later than its training, 0..1; NaN when there is no model yet.</param>
    /// <param name="rules">Limits, and the oracle where the world is generated.</param>
    /// <param name="budget">Threads for the features.</param>
    /// <returns>The same report for any number of threads.</returns>
    /// <remarks>Above <see cref="AlarmRules.SampleRows"/> rows every k-th is checked. Memory: about 60 bytes a checked row and thread.
    /// Errors: ChurnConfigException CE8002; ArgumentException when a label is not 0 or 1 or the lengths differ.</remarks>
    public static LeakageReport Check(FeatureMatrix matrix, ReadOnlySpan<float> labels, double modelAuc, AlarmRules rules, JobBudget budget)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(budget);
        rules.Validate();
        if (matrix.RowCount != labels.Length)
            throw new ArgumentException($"{matrix.RowCount} rows but {labels.Length} labels", nameof(labels));

        int stride = Math.Max(1, (int)(((long)labels.Length + rules.SampleRows - 1) / rules.SampleRows));
        float[] sample = new float[(labels.Length + stride - 1) / stride];
        for (int i = 0; i < sample.Length; i++)
            sample[i] = labels[i * stride];
        double[] featureAuc = new double[matrix.FeatureCount];
        Array.Fill(featureAuc, double.NaN);
        int positives = sample.Count(label => label == 1);
        if (Math.Min(positives, sample.Length - positives) >= rules.LeastPerClass)
        {
            int[] folds = SingleFeatureAuc.StratifiedFoldsOf(sample);
            Parallel.For(0, matrix.FeatureCount, budget.ParallelOptions(CancellationToken.None), feature =>
            {
                float[] column = new float[sample.Length];
                for (int i = 0; i < column.Length; i++)
                    column[i] = matrix.Row((long)i * stride)[feature];
                featureAuc[feature] = matrix.Features[feature].Kind == FeatureKind.Categorical
                    ? SingleFeatureAuc.Categorical(column, sample, folds)
                    : SingleFeatureAuc.Numeric(column, sample);
            });
        }
        return new LeakageReport { Findings = [.. Model(modelAuc, rules), .. Features(matrix, featureAuc, rules)], FeatureAuc = featureAuc, RowsChecked = sample.Length };
    }

    private static IEnumerable<AlarmFinding> Model(double auc, AlarmRules rules)
    {
        (AlarmKind kind, double limit) = rules.Oracle is { } oracle
            ? (AlarmKind.Oracle, oracle.Auc + rules.OracleStandardErrors * oracle.StandardError)
            : (AlarmKind.Model, rules.ModelAuc);
        if (auc > limit)
            yield return new AlarmFinding(kind, "model", auc, limit);
    }

    private static IEnumerable<AlarmFinding> Features(FeatureMatrix matrix, double[] auc, AlarmRules rules) =>
        Enumerable.Range(0, auc.Length).Where(feature => auc[feature] > rules.FeatureAuc).OrderByDescending(feature => auc[feature])
            .Select(feature => new AlarmFinding(AlarmKind.Feature, matrix.Features[feature].Name, auc[feature], rules.FeatureAuc));
}
