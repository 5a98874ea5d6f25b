namespace ChurnEngine.Trainer;

/// <summary>The sampler that options name.</summary>
internal static class RowSamplers
{
    public static IRowSampler Of(BoosterOptions options) =>
        options.GossTopRate > 0 ? new GossRows(options.GossTopRate, options.GossOtherRate, options.Seed) : new UniformRows(options.RowSample, options.Seed);
}
