using ChurnEngine.Trainer;

namespace ChurnEngine.Examples;

/// <summary>A feature that costs something to have must gain that much more than another.</summary>
public sealed class CostlyFeatures(IReadOnlyDictionary<string, double> costs) : ISplitRule
{
    public double Worth(in SplitView split) => split.Gain - costs.GetValueOrDefault(split.Feature);
}
