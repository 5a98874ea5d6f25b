namespace ChurnEngine.Features.Tests;

public class AggregateTests
{
    private static readonly World s_world = new()
    {
        Customers = [new(1, 0), new(2, 0)],
        Events =
        [
            new(1, 10, "play", 1.5), new(1, 20, "play"), new(1, 25, "pay", 10.25), new(1, 28, "pay", 0.1), new(1, 29, "pay", 0.2), new(1, 29.5, "skip", 7),
        ],
    };

    [Theory]
    [InlineData("- { name: f, from: events, where: kind = play, value: count }", 2)]
    [InlineData("- { name: f, from: events, where: kind = play, value: count, windows: [7] }", 0)]
    [InlineData("- { name: f, from: events, where: kind = play, value: count, windows: [10] }", 1)]
    [InlineData("- { name: f, from: events, where: \"kind in (play, pay)\", value: count, windows: [30] }", 5)]
    [InlineData("- { name: f, from: events, value: count, windows: [30] }", 6)]
    [InlineData("- { name: f, from: events, where: kind = pay, value: sum(amount) }", 10.55)]
    [InlineData("- { name: f, from: events, where: kind = pay, value: sum(amount), windows: [2] }", 0.3)]
    [InlineData("- { name: f, from: events, where: kind = pay, value: sum(amount), scale: 0 }", 10)]
    [InlineData("- { name: f, from: events, where: kind = play, value: sum(amount), windows: [7] }", 0)]
    [InlineData("- { name: f, from: events, where: kind = pay, value: mean(amount) }", 10.55 / 3)]
    [InlineData("- { name: f, from: events, where: kind = play, value: mean(amount) }", 1.5)]
    [InlineData("- { name: f, from: events, where: kind = play, value: mean(amount), windows: [10] }", double.NaN)]
    [InlineData("- { name: f, from: events, where: kind = nothing, value: mean(amount) }", double.NaN)]
    [InlineData("- { name: f, from: events, where: kind = play, value: recency_days }", 10)]
    [InlineData("- { name: f, from: events, where: kind = nothing, value: recency_days }", double.NaN)]
    [InlineData("- { name: f, from: events, where: kind = pay, value: tenure_days }", 5)]
    [InlineData("- { name: f, from: customers, value: tenure_days }", 30)]
    [InlineData("- { name: f, from: events, where: kind = pay, value: amount }", 0.2)]
    [InlineData("- { name: f, from: events, where: amount >= 1.5, value: count }", 3)]
    [InlineData("- { name: f, from: events, where: \"kind = pay and amount < 1\", value: count }", 2)]
    [InlineData("- { name: f, from: events, where: amount != 7, value: count }", 4)]
    public void Value_HandMadeEvents_IsTheDefinition(string feature, double expected) =>
        Assert.Equal((float)expected, s_world.Value("  " + feature, 30));

    [Theory]
    [InlineData("", 0.2)]
    [InlineData(", per_day: true", 0.6)]
    public void Ratio_OfWindows_DividesThemOrTheirDailyRates(string perDay, double expected) => Assert.Equal((float)expected, s_world.Value($$"""
          - { name: "n_{w}", from: events, where: "kind in (play, pay)", value: count, windows: [30] }
          - { name: "p_{w}", from: events, where: kind = play, value: count, windows: [10] }
          - { name: r, ratio: [p_10, n_30]{{perDay}} }
        """, 30));

    [Fact]
    public void Ratio_ZeroDenominator_IsMissing() => Assert.True(float.IsNaN(s_world.Value("""
          - { name: a, from: events, value: count }
          - { name: b, from: events, where: kind = nothing, value: count }
          - { name: r, ratio: [a, b] }
        """, 30)));

    [Fact]
    public void Compute_CustomerWithoutEvents_CountsZeroAndTheRestMissing()
    {
        Dictionary<string, float> row = s_world.Compute(World.Plan("""
              - { name: n, from: events, value: count, windows: [7] }
              - { name: s, from: events, value: sum(amount) }
              - { name: m, from: events, value: mean(amount) }
              - { name: r, from: events, value: recency_days }
              - { name: t, from: customers, value: tenure_days }
            """), 30)[World.KeyText(2)];
        Assert.Equal([0f, 0f, float.NaN, float.NaN, 30f], row.Values);
    }

    [Fact]
    public void Compute_NoCustomers_HasNoRows()
    {
        var world = new World();
        Assert.Empty(world.Compute(World.Plan("  - { name: n, from: events, value: count }"), 30));
    }

    [Fact]
    public void Sum_BeyondFixedPoint_IsADataError()
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 1, "pay", 6e14), new(1, 2, "pay", 6e14)] };
        var error = Assert.Throws<Columns.ChurnDataException>(() => world.Value("  - { name: f, from: events, value: sum(amount) }", 30));
        Assert.Equal("CE3020", error.Code.ToString());
        Assert.Equal(1.2e15f, world.Value("  - { name: f, from: events, value: sum(amount), scale: 2 }", 30));
    }
}
