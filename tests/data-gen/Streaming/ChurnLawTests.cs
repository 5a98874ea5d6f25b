using ChurnEngine.DataGen.Streaming;

namespace ChurnEngine.DataGen.Tests.Streaming;

public class ChurnLawTests
{
    private static readonly ObservedHistory s_ordinary = new()
    {
        TenureDays = 200,
        RecencyDays = 2,
        Plays7 = 2,
        Plays30 = 9,
        Plays90 = 27,
        Errors30 = 0,
        FailedPayments90 = 0,
        Tickets30 = 0,
        BillingTickets30 = 0,
        Plan = Plan.Standard,
        MonthlyPrice = 11,
        Age = 40,
        PaymentMethod = PaymentMethod.Bank,
        Channel = Channel.Organic,
    };

    // By hand: -3.55 + 1.05 (-0.55 ln 10 + 0.9 * 2/30 + 1.1 e^(-200/60)); trend ln(11/11) = 0, the price is the mean.
    [Fact]
    public void LogOdds_OrdinaryCustomer_IsTheSumWrittenOut() =>
        Assert.Equal(-3.55 + 1.05 * (-0.55 * 2.302585092994046 + 0.06 + 1.1 * 0.035673993347252395), ChurnLaw.LogOdds(s_ordinary), 12);

    [Fact]
    public void Probability_LogOdds_AreLinkedByTheLogisticFunction()
    {
        double probability = ChurnLaw.Probability(s_ordinary);
        Assert.Equal(ChurnLaw.LogOdds(s_ordinary), Math.Log(probability / (1 - probability)), 10);
    }

    [Theory]
    [InlineData(0.8, 1, 0)]
    [InlineData(1.9, 5, 0)]
    [InlineData(1.5, 2, 1)]
    public void LogOdds_FailedPayments_StepUpAndCardsForgive(double step, int failed, int method) =>
        AssertStep(step, s_ordinary with { FailedPayments90 = failed, PaymentMethod = method == 1 ? PaymentMethod.Card : PaymentMethod.Wallet });

    [Fact]
    public void LogOdds_Silence_CountsFromTwoWeeksOn()
    {
        double justBefore = ChurnLaw.LogOdds(s_ordinary with { RecencyDays = 14 });
        double justAfter = ChurnLaw.LogOdds(s_ordinary with { RecencyDays = 14.001 });
        Assert.InRange(justAfter - justBefore, 0.8 * 1.05, 0.8 * 1.05 + 0.001);
    }

    [Fact]
    public void LogOdds_Decline_CountsOnlyOnceThreeMonthsAreOnRecord()
    {
        ObservedHistory falling = s_ordinary with { Plays90 = 60 };
        Assert.True(ChurnLaw.LogOdds(falling) > ChurnLaw.LogOdds(s_ordinary) + 0.5);
        Assert.Equal(ChurnLaw.LogOdds(s_ordinary with { TenureDays = 60 }), ChurnLaw.LogOdds(falling with { TenureDays = 60 }));
    }

    [Fact]
    public void LogOdds_PremiumTenure_ChangesItsSign()
    {
        AssertStep(0.2, s_ordinary with { Plan = Plan.Premium });
        double longStanding = ChurnLaw.LogOdds(s_ordinary with { TenureDays = 400 });
        Assert.Equal(-1.2 * 1.05, ChurnLaw.LogOdds(s_ordinary with { TenureDays = 400, Plan = Plan.Premium }) - longStanding, 9);
    }

    [Fact]
    public void LogOdds_Sleeper_IsLessLikelyToLeaveThanWhoStillTriesNowAndThen()
    {
        ObservedHistory sleeper = s_ordinary with { Plays7 = 0, Plays30 = 0, Plays90 = 0, RecencyDays = 60 };
        ObservedHistory occasional = sleeper with { Plays90 = 1, RecencyDays = 45 };
        Assert.True(ChurnLaw.LogOdds(sleeper) < ChurnLaw.LogOdds(occasional) - 1);
    }

    [Fact]
    public void LogOdds_MissingAttributes_AreWithoutEffect() =>
        AssertStep(0, s_ordinary with { Age = null, PaymentMethod = null, Channel = null });

    private static void AssertStep(double expected, ObservedHistory history) =>
        Assert.Equal(expected * 1.05, ChurnLaw.LogOdds(history) - ChurnLaw.LogOdds(s_ordinary), 9);
}
