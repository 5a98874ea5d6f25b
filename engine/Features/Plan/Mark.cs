namespace ChurnEngine.Features;

/// <summary>Where in the user's file something was written.</summary>
internal readonly record struct Mark(string File, long Line)
{
    public override string ToString() => $"{File}:{Line}";
}
