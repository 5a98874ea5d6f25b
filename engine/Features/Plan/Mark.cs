namespace ChurnEngine.Features;

/// <summary>Where in the user's file something was written.</summary>
/// <param name="File">File name.</param>
/// <param name="Line">Line, from 1; 0 for a flag, which has none.</param>
public readonly record struct Mark(string File, long Line)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}";
}
