using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>The streaming world under its first name; <see cref="World"/> makes it and the others.</summary>
public static class StreamingWorld
{
    /// <inheritdoc cref="World.Generate"/>
    public static WorldReport Generate(
        WorldOptions options, string directory, OpenBatchSink openSink, IProgress<StepProgress>? progress, CancellationToken cancellation) =>
        World.Generate(options, directory, openSink, progress, cancellation);
}
