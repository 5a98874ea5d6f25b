using System.Text.Json.Serialization;

namespace ChurnEngine.Cli.Doctor;

/// <summary>What a finding means for whoever reads it.</summary>
internal enum Standing
{
    /// <summary>Needed, and there.</summary>
    Good,
    /// <summary>Said for information; nothing depends on it.</summary>
    Note,
    /// <summary>The work goes on, but worse than it could.</summary>
    Warning,
    /// <summary>Needed, and not there: a verb that needs it will fail.</summary>
    Missing,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Id">Stable name, such as <c>memory.offered</c>.</param>
/// <param name="What">The same for a person.</param>
/// <param name="Standing">What it means.</param>
/// <param name="Found">What is there, in one line.</param>
internal sealed record Finding(string Id, string What, Standing Standing, string Found)
{
    /// <summary>What to do about it; empty when there is nothing to do.</summary>
    public string Hint { get; init; } = "";

    /// <summary>The needs it speaks to: verbs with one of them are not ready while it is missing.</summary>
    [JsonIgnore]
    public Need Needs { get; init; }

    /// <summary>The numbers in <see cref="Found"/>, for a script.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object>? Details { get; init; }
}

/// <summary>Looks at one thing. Never throws for what is absent: that is a finding.</summary>
internal interface IProbe
{
    /// <summary>Heading of its findings.</summary>
    string Topic { get; }

    /// <summary>All needs that its findings can speak to; none for what is only information.</summary>
    Need Serves { get; }

    /// <summary>Looks, and says what it found.</summary>
    IEnumerable<Finding> Look();
}
