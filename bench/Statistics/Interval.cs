namespace ChurnEngine.Bench;

/// <summary>A confidence interval.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
internal sealed record Interval(double Low, double High)
{
    public bool Contains(double value) => Low <= value && value <= High;
}
