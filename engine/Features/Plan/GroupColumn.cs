namespace ChurnEngine.Features;

/// <summary>A column read beside the features of a plan, as of the same instant, and never a feature: what groups of customers are compared by.</summary>
/// <param name="Name">What it is called in the matrix; no feature has that name.</param>
/// <param name="Table">A table of the plan.</param>
/// <param name="Column">Column of its latest row.</param>
/// <param name="IsText">True for text, which becomes codes; else it is a number, or true and false as 1 and 0.</param>
public sealed record GroupColumn(string Name, string Table, string Column, bool IsText);
