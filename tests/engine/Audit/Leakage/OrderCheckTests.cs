using ChurnEngine.Features;

namespace ChurnEngine.Audit.Tests.Leakage;

public class OrderCheckTests
{
    private const long Day = 86_400_000_000;
    private static readonly string[] s_roles = ["train", "train", "stop", "test"];

    [Theory]
    [InlineData(new long[] { 0, 30, 60, 90 }, 0, 0, 0)]
    [InlineData(new long[] { 0, 10, 40, 70 }, 0, 0, 0)] // windows may overlap among those that train
    [InlineData(new long[] { 0, 30, 59, 90 }, 0, 1, 0)]
    [InlineData(new long[] { 0, 30, 60, 90 }, 3, 0, 2)]
    [InlineData(new long[] { 0, 30, 63, 96 }, 3, 0, 0)]
    [InlineData(new long[] { 30, 0, 60, 90 }, 0, 1, 0)]
    [InlineData(new long[] { 0, 30, 90, 60 }, 0, 1, 0)]
    public void Run_Snapshots_AlarmWhenPartsSeeTheSameChurn(long[] days, int latenessDays, int alarms, int notes)
    {
        AuditCheck check = OrderCheck.Run([.. days.Select(day => day * Day)], s_roles, new LabelRule { Table = "events", Kinds = ["cancel"], HorizonMicros = 30 * Day }, latenessDays * Day);
        Assert.Equal((alarms, notes), (check.Findings.Count(finding => finding.Level == AuditLevel.Alarm), check.Findings.Count(finding => finding.Level == AuditLevel.Note)));
        Assert.Equal(alarms == 0, check.Passed);
        Assert.Contains("[t + 0 d, t + 30 d)", check.Design, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Gap_BelongsToTheWindow() =>
        Assert.False(OrderCheck.Run([0, 30 * Day, 60 * Day, 90 * Day], s_roles, new LabelRule { Table = "events", HorizonMicros = 30 * Day, GapMicros = Day }, 0).Passed);

    [Fact]
    public void Run_RolesOutOfOrder_Alarm() =>
        Assert.False(OrderCheck.Run([0, 30 * Day], ["test", "train"], new LabelRule { Table = "events", HorizonMicros = 30 * Day }, 0).Passed);
}
