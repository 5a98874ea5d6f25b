namespace ChurnEngine.Trainer;

/// <summary>Which open leaf is split next.</summary>
public enum GrowthPolicy
{
    /// <summary>The leaf with the largest gain: deep where it pays.</summary>
    LeafWise,
    /// <summary>The shallowest leaf, among equals the largest gain: level by level.</summary>
    DepthWise,
}
