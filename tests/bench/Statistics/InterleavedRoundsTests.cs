namespace ChurnEngine.Bench.Tests;

public class InterleavedRoundsTests
{
    [Fact]
    public void Run_TwoSides_AlternatesWhoIsFirst()
    {
        string order = "";
        double[][] measured = InterleavedRounds.Run(3, () => Note("A"), () => Note("B"));
        Assert.Equal("ABBAAB", order);
        Assert.Equal([[1.0, 4.0, 5.0], [2.0, 3.0, 6.0]], measured);

        double Note(string side) => (order += side).Length;
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => InterleavedRounds.Run(5, source.Token, () =>
        {
            source.Cancel();
            return 1;
        }));
    }
}
