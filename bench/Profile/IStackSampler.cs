namespace ChurnEngine.Bench;

/// <summary>Takes samples of a running process.</summary>
internal interface IStackSampler
{
    /// <summary>As in <c>--sampler</c>.</summary>
    string Name { get; }

    /// <summary>What it sees, and what it does not.</summary>
    string Sees { get; }

    /// <summary>Switches of the runtime that the process needs from its start.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Why it cannot be used here; null when it can.</summary>
    string? Missing();

    /// <summary>Samples a process while <paramref name="work"/> runs.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="work">Makes it work, and returns when enough was done.</param>
    StackProfile Sample(int processId, Action work);
}
