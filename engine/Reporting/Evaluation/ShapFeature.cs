using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting;

/// <summary>What one feature does to the margins of a sample of rows.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Categories">Names of its codes; empty of a number.</param>
/// <param name="MeanAbsolute">Mean of the absolute log-odds over the sample.</param>
/// <param name="Values">[n] its values, NaN where missing; of a category codes.</param>
/// <param name="LogOdds">[n] what each does to its row's margin.</param>
public sealed record ShapFeature(string Name, IReadOnlyList<string> Categories, double MeanAbsolute, IReadOnlyList<float> Values, IReadOnlyList<float> LogOdds);

/// <summary>SHAP values of a sample of rows: the features that do most.</summary>
/// <param name="Rows">Rows of the sample.</param>
/// <param name="Features">The strongest first.</param>
public sealed record ShapSample(int Rows, IReadOnlyList<ShapFeature> Features);

/// <summary>How groups of customers are treated, by one column.</summary>
/// <param name="Column">What they are values of.</param>
/// <param name="Reference">Group that the others are compared with.</param>
/// <param name="Groups">The largest first.</param>
/// <param name="Findings">What is beyond a limit, one sentence each.</param>
public sealed record ReportGroups(string Column, string Reference, IReadOnlyList<GroupRates> Groups, IReadOnlyList<string> Findings);
