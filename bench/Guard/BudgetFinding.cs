namespace ChurnEngine.Bench;

/// <summary>One cost held against its budget.</summary>
/// <param name="Subject">Stage or kernel.</param>
/// <param name="Cost">allocated, ratio to scalar, share of limit.</param>
/// <param name="Measured">As text.</param>
/// <param name="Allowed">As text; what is missing where there is no budget.</param>
/// <param name="IsOver">Costs more than allowed, beyond noise.</param>
internal sealed record BudgetFinding(string Subject, string Cost, string Measured, string Allowed, bool IsOver)
{
    public const string Allocated = "allocated", Ratio = "time / scalar", Share = "share of limit";

    /// <summary>What of a stage and of a kernel case was measured; where the instruction set has no budget of time, that is shown beside nothing.</summary>
    public static IEnumerable<BudgetFinding> Of(StageOutcome stage, Budget? budget, MachineLimits limits, string instructionSet)
    {
        if (budget is null)
            return [NoBudget(stage.Stage)];
        // The fastest round: what even that does not reach, noise does not explain.
        double? share = limits.Share(new LimitedWork(stage.Limit, stage.LimitUnits), stage.Seconds.Min());
        SpeedBudget? speed = budget.Speed.GetValueOrDefault(instructionSet);
        return
        [
            new(stage.Stage, Allocated, Numbers.Bytes(stage.AllocatedBytes), Numbers.Bytes(budget.AllocatedBytes), stage.AllocatedBytes > budget.AllocatedBytes),
            new(stage.Stage, Share, Numbers.Share(share), Numbers.Share(speed?.LimitShare), share < speed?.LimitShare),
        ];
    }

    /// <inheritdoc cref="Of(StageOutcome, Budget?, MachineLimits, string)"/>
    public static IEnumerable<BudgetFinding> Of(KernelTiming kernel, Budget? budget, MachineLimits limits, string instructionSet)
    {
        string name = kernel.Name;
        if (budget is null)
            return [NoBudget(name)];
        double? share = limits.Share(kernel.WorkPerRow, kernel.SecondsPerRow);
        SpeedBudget? speed = budget.Speed.GetValueOrDefault(instructionSet);
        return
        [
            new(name, Allocated, Numbers.Bytes(kernel.AllocatedPerCall), Numbers.Bytes(budget.AllocatedBytes), kernel.AllocatedPerCall > budget.AllocatedBytes),
            new(name, Ratio, Numbers.Ratio(kernel.Ratio.Value, kernel.Ratio.Range), Numbers.Ratio(speed?.Ratio, null), kernel.Ratio.Range!.Low > speed?.Ratio),
            new(name, Share, Numbers.Share(share), Numbers.Share(speed?.LimitShare), share < speed?.LimitShare),
        ];
    }

    private static BudgetFinding NoBudget(string subject) => new(subject, Allocated, "", "no budget: write one with `bench guard --write`", true);
}
