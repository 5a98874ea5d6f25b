namespace ChurnEngine.Columns.Tests;

public class JobBudgetTests
{
    [Fact]
    public void Validate_Defaults_Pass()
    {
        var budget = new JobBudget();
        budget.Validate();
        Assert.Equal(budget.Threads, budget.ParallelOptions(CancellationToken.None).MaxDegreeOfParallelism);
    }

    [Fact]
    public void Validate_NoThreadOrNoMemory_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobBudget { Threads = 0 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobBudget { MemoryBytes = 1 }.Validate());
    }
}
