using System.Collections.Concurrent;

namespace ChurnEngine.Trainer.Tests;

public class WorkTeamTests
{
    private const long Much = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyTimes_CallsEveryItemOnceAndReturnsAfterTheLast(int threads)
    {
        using var team = new WorkTeam(threads, CancellationToken.None);
        for (int repeat = 0; repeat < 3000; repeat++)
        {
            int items = repeat % 17;
            int[] calls = new int[items];
            team.Run(items, Much, item => Interlocked.Increment(ref calls[item]));
            Assert.All(calls, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Run_HelpersAsleep_AreWoken()
    {
        using var team = new WorkTeam(3, CancellationToken.None);
        for (int repeat = 0; repeat < 3; repeat++)
        {
            // Each item waits for the others, so one thread alone would never return.
            using var together = new Barrier(3);
            team.Run(3, Much, _ => Assert.True(together.SignalAndWait(TimeSpan.FromMinutes(1))));
            Thread.Sleep(50);
        }
    }

    [Fact]
    public void Run_LittleWork_StaysOnTheCallersThread()
    {
        using var team = new WorkTeam(4, CancellationToken.None);
        var seen = new ConcurrentBag<int>();
        team.Run(50, 100, _ => seen.Add(Environment.CurrentManagedThreadId));
        Assert.All(seen, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_ItemThrows_ThrowsThatAndStaysUsable(int threads)
    {
        using var team = new WorkTeam(threads, CancellationToken.None);
        Assert.Equal("item 3", Assert.Throws<InvalidOperationException>(() => team.Run(8, Much, item => _ = item == 3 ? throw new InvalidOperationException("item 3") : item)).Message);
        int sum = 0;
        team.Run(8, Much, item => Interlocked.Add(ref sum, item));
        Assert.Equal(28, sum);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_Cancelled_StopsBetweenItems(int threads)
    {
        using var source = new CancellationTokenSource();
        using var team = new WorkTeam(threads, source.Token);
        int calls = 0;
        Assert.Throws<OperationCanceledException>(() => team.Run(10_000, Much, item =>
        {
            if (Interlocked.Increment(ref calls) == 5)
                source.Cancel();
        }));
        Assert.InRange(calls, 5, 5 + threads);
    }
}
