namespace ChurnEngine.Bench.Tests;

public class ThreadClockTests
{
    // Work moves the clock on; another thread's work does not reach this one's.
    [Fact]
    public void Seconds_OwnWork_MovesOn()
    {
        double before = ThreadClock.Seconds, last = before;
        double sum = 0;
        for (int i = 0; last <= before && i < 1_000_000_000; i++)
        {
            sum += Math.Sqrt(i);
            last = ThreadClock.Seconds;
        }
        Assert.True(last > before, $"{sum}");
    }
}
