namespace ChurnEngine.Monitoring;

/// <summary>Where alerts come from, as messages say it.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Instance">Which of several installations.</param>
public sealed record AlertOrigin(string Model, string Instance);
