using ChurnEngine.Columns;

namespace ChurnEngine.Models;

/// <summary>From which probability a model flags a customer, by segment where it has thresholds of segments.</summary>
/// <remarks>Thresholds are compared as float32, like <c>Confusion</c> does. Immutable, thread-safe.</remarks>
public sealed class FlagRule
{
    private readonly float _threshold;
    private readonly int _feature = -1;
    private readonly float[] _byCode = [];

    /// <summary>Reads it from what a model says of itself.</summary>
    /// <param name="metadata">Threshold, rule and features.</param>
    public FlagRule(ModelMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        _threshold = (float)metadata.Threshold;
        if (metadata.ThresholdRule is not { Feature: { } name } rule)
            return;
        FeatureInfo[] features = [.. metadata.Features];
        _feature = Array.FindIndex(features, feature => feature.Name == name);
        if (_feature < 0)
            return;
        var bySegment = new Dictionary<string, float>();
        foreach (SegmentThreshold segment in rule.Segments)
            bySegment[segment.Category] = (float)segment.Threshold;
        _byCode = [.. features[_feature].Categories.Select(category => bySegment.GetValueOrDefault(category, _threshold))];
    }

    /// <summary>True when segments have thresholds of their own.</summary>
    public bool IsBySegment => _byCode.Length > 0;

    /// <summary>The threshold of one row, 0..1.</summary>
    /// <param name="row">[F] features; one whose segment is missing or unknown has the model's threshold.</param>
    public float Of(ReadOnlySpan<float> row)
    {
        if (_byCode.Length == 0)
            return _threshold;
        float code = row[_feature];
        return code >= 0 && code < _byCode.Length ? _byCode[(int)code] : _threshold;
    }
}
