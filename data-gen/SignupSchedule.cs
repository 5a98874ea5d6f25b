namespace ChurnEngine.DataGen;

/// <summary>When customers sign up: an initial base before the world starts, and arrivals spread evenly over all months.</summary>
/// <param name="customers">In all.</param>
/// <param name="clock">Months.</param>
/// <param name="monthlyArrivals">Arrivals a month as a share of the base: what leaves must come in, or the population would die out or explode.</param>
/// <param name="meanBaseTenureDays">Mean age of the base's subscriptions at the start.</param>
internal sealed class SignupSchedule(int customers, WorldClock clock, double monthlyArrivals, double meanBaseTenureDays)
{
    /// <summary>Customers that signed up before the world starts; the first ids.</summary>
    public int BaseCount { get; } = Math.Max(1, (int)Math.Round(customers / (1 + monthlyArrivals * clock.Months)));

    /// <summary>When customer <paramref name="index"/> signs up, 0 to N - 1. Stratified, so that ids follow the order of sign-up and arrivals never stop.</summary>
    public long SignupOf(int index, ulong key)
    {
        double within = new CounterRandom(key, DrawPurpose.Signup).NextUnit();
        if (index < BaseCount)
        {
            double older = (BaseCount - index - within) / BaseCount;
            double tenureDays = Math.Min(3650, -meanBaseTenureDays * Math.Log(1 - Math.Min(older, 1 - 1e-12)));
            return WorldClock.Start - 1 - (long)(tenureDays * WorldClock.Day);
        }
        double position = (index - BaseCount + within) / (customers - BaseCount);
        return WorldClock.Start + (long)(position * (clock.End - WorldClock.Start));
    }
}
