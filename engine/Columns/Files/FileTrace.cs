using System.Diagnostics.Tracing;

namespace ChurnEngine.Columns;

/// <summary>Announces every change of the file system just before it is made, as events of the provider <c>ChurnEngine-Files</c>.</summary>
/// <remarks>To see them: <c>dotnet-trace collect --providers ChurnEngine-Files -- churn score ...</c>. The kill tests end the process at each of them in turn.
/// Costs one test of a flag when nobody listens.</remarks>
[EventSource(Name = "ChurnEngine-Files")]
internal sealed class FileTrace : EventSource
{
    public static readonly FileTrace Log = new();

    private FileTrace()
    {
    }

    /// <summary>A step is about to be taken.</summary>
    /// <param name="step">What: <c>create</c>, <c>append</c>, <c>flush</c>, <c>move</c>, <c>delete</c>, <c>create-folder</c>, <c>delete-folder</c>, <c>commit</c>.</param>
    /// <param name="path">The file or folder that changes.</param>
    [Event(1, Level = EventLevel.Informational)]
    public void Step(string step, string path)
    {
        if (IsEnabled())
            WriteEvent(1, step, path);
    }
}
