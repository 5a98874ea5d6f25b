namespace ChurnEngine.Matrix.Tests;

/// <summary>The rows of the matrix, in the order of the table.</summary>
internal static class BadInputs
{
    public static IReadOnlyList<BadInput> All { get; } =
    [
        .. CsvTextInputs.All, .. CsvValueInputs.All, .. JsonInputs.All, .. ParquetInputs.All, .. ArrowInputs.All, .. PathInputs.All, .. PlanInputs.All, .. ModelInputs.All, .. FlagInputs.All, .. EnvironmentInputs.All,
    ];
}
