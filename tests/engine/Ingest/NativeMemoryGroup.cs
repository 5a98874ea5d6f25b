namespace ChurnEngine.Ingest.Tests;

/// <summary>Tests that watch the process-wide count of native buffers; nothing else may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NativeMemoryGroup
{
    public const string Name = "native memory";
}
