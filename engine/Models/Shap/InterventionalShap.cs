namespace ChurnEngine.Models;

/// <summary>Splits a row's margin exactly among its features where an unknown feature takes its value from a row of a background sample, averaged over the sample: interventional TreeSHAP. Thread-safe.</summary>
/// <remarks>
/// It says what the model does, whatever the features have to do with each other: a feature that the model does not read gets nothing.
/// This is the definition, linear in rows of the sample and in leaves; <see cref="CompiledShap.Interventional"/> gives the same values sooner.
/// Source: Lundberg et al. 2020, "From local explanations to global understanding", algorithm 3.
/// </remarks>
public sealed class InterventionalShap : IExplainer
{
    private const int StackFeatures = 1024;
    private readonly TreeEnsemble _ensemble;
    private readonly ReadOnlyMemory<float> _background;
    private readonly int _rows;

    /// <summary>Prepares the sample.</summary>
    /// <param name="ensemble">Trees; covers are not needed.</param>
    /// <param name="background">[B * F] row-major values, NaN where missing, B 1 and up; kept, not copied.</param>
    /// <remarks>Errors: ArgumentException without a whole row.</remarks>
    public InterventionalShap(TreeEnsemble ensemble, ReadOnlyMemory<float> background)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        if (ensemble.FeatureCount == 0 || background.IsEmpty || background.Length % ensemble.FeatureCount != 0)
            throw new ArgumentException($"{background.Length} values are no rows of {ensemble.FeatureCount} features", nameof(background));
        (_ensemble, _background, _rows) = (ensemble, background, background.Length / ensemble.FeatureCount);
        double[] margins = new double[_rows];
        ensemble.Margins(background.Span, margins);
        ExpectedMargin = margins.Average();
    }

    /// <inheritdoc/>
    public int FeatureCount => _ensemble.FeatureCount;

    /// <summary>Mean margin of the sample, log-odds.</summary>
    public double ExpectedMargin { get; }

    /// <inheritdoc/>
    public void Explain(ReadOnlySpan<float> rows, Span<double> contributions)
    {
        ShapErrors.CheckLengths(rows.Length, contributions.Length, FeatureCount);
        contributions.Clear();
        Span<sbyte> takenFrom = FeatureCount <= StackFeatures ? stackalloc sbyte[FeatureCount] : new sbyte[FeatureCount];
        takenFrom.Clear();
        for (int start = 0; start < rows.Length; start += FeatureCount)
        {
            for (int other = 0; other < _rows; other++)
            {
                ReadOnlySpan<float> background = _background.Span.Slice(other * FeatureCount, FeatureCount);
                foreach (DecisionTree tree in _ensemble.Trees)
                    new Walk(tree, rows.Slice(start, FeatureCount), background, contributions.Slice(start, FeatureCount), takenFrom).Visit(tree.NodeCount == 0 ? ~0 : 0, 0, 0);
            }
            foreach (ref double contribution in contributions.Slice(start, FeatureCount))
                contribution /= _rows;
        }
    }

    /// <summary>first! second! / (first + second + 1)!: the weight of Shapley's formula; 0 where first is negative.</summary>
    internal static double Share(int first, int second)
    {
        if (first < 0)
            return 0;
        double share = 1.0 / (first + second + 1);
        for (int i = 1; i <= second; i++)
            share *= (double)i / (first + i);
        return share;
    }

    private readonly ref struct Walk(DecisionTree tree, ReadOnlySpan<float> row, ReadOnlySpan<float> background, Span<double> contributions, Span<sbyte> takenFrom)
    {
        private readonly ReadOnlySpan<float> _row = row, _background = background;
        private readonly Span<double> _contributions = contributions;

        // 1: on this path the feature must be the row's, -1: the background's, 0: either.
        private readonly Span<sbyte> _takenFrom = takenFrom;

        /// <param name="node">Interior node, or ~leaf.</param>
        /// <param name="known">Features that must be the row's.</param>
        /// <param name="unknown">Features that must be the background's.</param>
        /// <returns>What the leaves below give to each of the known, and take from each of the unknown.</returns>
        public (double Gain, double Loss) Visit(int node, int known, int unknown)
        {
            if (node < 0)
                return (tree.LeafValue[~node] * Share(known - 1, unknown), tree.LeafValue[~node] * Share(unknown - 1, known));
            int feature = tree.Feature[node];
            bool rowLeft = tree.GoesLeft(node, _row[feature]), backgroundLeft = tree.GoesLeft(node, _background[feature]);
            int rowChild = rowLeft ? tree.Left[node] : tree.Right[node], backgroundChild = backgroundLeft ? tree.Left[node] : tree.Right[node];
            if (_takenFrom[feature] != 0 || rowChild == backgroundChild)
                return Visit(_takenFrom[feature] < 0 ? backgroundChild : rowChild, known, unknown);
            _takenFrom[feature] = 1;
            (double gain, double loss) = Visit(rowChild, known + 1, unknown);
            _takenFrom[feature] = -1;
            (double otherGain, double otherLoss) = Visit(backgroundChild, known, unknown + 1);
            _takenFrom[feature] = 0;
            _contributions[feature] += gain - otherLoss;
            return (gain + otherGain, loss + otherLoss);
        }
    }
}
