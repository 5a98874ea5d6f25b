[assembly: AssemblyFixture(typeof(ChurnEngine.DataGen.Tests.TelecomWorld))]
[assembly: AssemblyFixture(typeof(ChurnEngine.DataGen.Tests.AccountWorld))]
[assembly: AssemblyFixture(typeof(ChurnEngine.DataGen.Tests.MusicWorld))]

namespace ChurnEngine.DataGen.Tests;

/// <summary>A telecom world, generated once for all tests.</summary>
public sealed class TelecomWorld() : CapturedWorld(new WorldOptions { Scenario = "telecom", Customers = 20_000, Seed = 5 });

/// <summary>A world of business accounts, generated once for all tests.</summary>
public sealed class AccountWorld() : CapturedWorld(new WorldOptions { Scenario = "b2b", Customers = 10_000, Seed = 5 });

/// <summary>The small music log, generated once for all tests.</summary>
public sealed class MusicWorld() : CapturedWorld(new WorldOptions { Scenario = "music-log", Customers = 226, Seed = 5 });

/// <summary>The gates that facts-domain.md section 1 names for each world: its true probabilities reach them, so a model may.</summary>
public class OracleTests(StandardWorld streaming, TelecomWorld telecom, AccountWorld accounts, MusicWorld music, ITestOutputHelper output)
{
    [Fact]
    public void Streaming_RecallAndPrecision_CanEachBeHad()
    {
        Draw[] drawn = Measured(streaming);
        Assert.InRange(Oracle.Rate(drawn), 0.13, 0.17);
        output.WriteLine($"precision at recall 0.75: {Enumerable.Range(1, 80).Select(percent => Oracle.At(drawn, percent / 100.0)).Where(at => at.Recall > 0.75).Max(at => at.Precision):F3}");
        Assert.Contains(Enumerable.Range(1, 80), percent => Oracle.At(drawn, percent / 100.0) is { Recall: > 0.75, Precision: > 0.30 });
        Assert.Contains(Enumerable.Range(1, 80), percent => Oracle.At(drawn, percent / 100.0) is { Recall: > 0.40, Precision: > 0.60 });
    }

    // Recall above 0.75 and precision above 0.60 at once take clearer signals than 15% of churn at an AUC of 0.87 can give.
    [Fact]
    public void Streaming_WithClearSignals_GatesAreMet()
    {
        Draw[] drawn = Measured(new CapturedWorld(new WorldOptions { Customers = 10_000, Seed = 11, With = ["clear-signals"] }));
        Assert.InRange(Oracle.Rate(drawn), 0.13, 0.17);
        Assert.InRange(Oracle.RocAuc(drawn), 0.91, 0.955);
        Assert.Contains(Enumerable.Range(1, 80), percent => Oracle.At(drawn, percent / 100.0) is { Recall: > 0.76, Precision: > 0.61 });
    }

    [Fact]
    public void Telecom_Gates_AreMet()
    {
        Draw[] drawn = Measured(telecom);
        Assert.InRange(Oracle.Rate(drawn), 0.15, 0.27);
        Assert.InRange(Oracle.RocAuc(drawn), 0.86, 0.95);
        Assert.True(Oracle.PrAuc(drawn) >= 0.64);
        Assert.True(Oracle.Brier(drawn) <= 0.15);
        Assert.True(Oracle.PrecisionAtTop(drawn, 0.10) >= 0.65);
    }

    [Fact]
    public void Accounts_Gates_AreMet()
    {
        Draw[] drawn = Measured(accounts);
        Assert.InRange(Oracle.Rate(drawn), 0.05, 0.07);
        Assert.InRange(Oracle.RocAuc(drawn), 0.87, 0.97);
        (double precision, double recall) = Oracle.At(drawn, 0.7);
        Assert.True(precision >= 0.82, $"precision {precision:F3}");
        Assert.True(recall >= 0.72, $"recall {recall:F3}");
    }

    [Fact]
    public void MusicLog_Oracle_IsHighButNotPerfect()
    {
        Draw[] drawn = Measured(music);
        Assert.InRange(Oracle.Rate(drawn), 0.08, 0.16);
        Assert.InRange(Oracle.RocAuc(drawn), 0.80, 0.92);
    }

    [Fact]
    public void EveryWorld_EveryDecile_IsCalibrated()
    {
        foreach (CapturedWorld world in (CapturedWorld[])[streaming, telecom, accounts, music])
        {
            Draw[] drawn = [.. Oracle.Drawn(world).OrderBy(d => d.Probability)];
            int decile = 0;
            foreach (Draw[] part in drawn.Chunk((drawn.Length + 9) / 10))
                Oracle.AssertCalibrated(part, $"{world.Options.Scenario}, seed {world.Options.Seed}, decile {++decile}");
        }
    }

    [Fact]
    public void EveryWorld_Population_NeitherDiesOutNorExplodes()
    {
        foreach (CapturedWorld world in (CapturedWorld[])[streaming, telecom, accounts])
        {
            int[] sizes = [.. world.Truth.Integers(TruthFile.AsOf).ToArray().GroupBy(at => at).OrderBy(group => group.Key).Select(group => group.Count())];
            Assert.Equal(13, sizes.Length);
            Assert.All(sizes, size => Assert.InRange(size, sizes.Average() * 0.75, sizes.Average() * 1.25));
        }
    }

    private Draw[] Measured(CapturedWorld world)
    {
        Draw[] drawn = Oracle.Drawn(world);
        Assert.Equal(world.Report.AtRisk, drawn.Length);
        (double precision, double recall) = Oracle.At(drawn, 0.7);
        output.WriteLine($"{world.Options.Scenario}: {drawn.Length} draws, rate {Oracle.Rate(drawn):F4}, ROC-AUC {Oracle.RocAuc(drawn):F4}, PR-AUC {Oracle.PrAuc(drawn):F4}, Brier {Oracle.Brier(drawn):F4}, "
            + $"precision at 10% {Oracle.PrecisionAtTop(drawn, 0.1):F4}, at 0.7 precision {precision:F4} and recall {recall:F4}, events {world.Report.Events}");
        return drawn;
    }
}
