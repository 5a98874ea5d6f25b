namespace ChurnEngine.DataGen;

/// <summary>What a draw is for. Each purpose of each customer has a sequence of its own, so that a new one moves none of the others.</summary>
/// <remarks>The numbers are part of every generated world: append, never reorder.</remarks>
internal enum DrawPurpose
{
    Signup = 1,
    Attributes = 2,
    Missing = 3,
    Traits = 4,
    Mood = 5,
    Events = 6,
    Tickets = 7,
    Payment = 8,
    Churn = 9,
    Treatment = 10,
    Plans = 11,
    Bursts = 12,
    Duplicates = 13,
    Device = 14,
    State = 15,
    Sessions = 16,
    Songs = 17,
    Drift = 18,
}

/// <summary>Random numbers that are a function of (seed, customer, purpose, period, position): the same in any order and on any thread.</summary>
/// <remarks>Number j of a key is mix(key + j * golden), which is SplitMix64 started at a hashed key.
/// Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".</remarks>
internal struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <param name="customerKey">From <see cref="CustomerKey"/>.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="period">Which week, month or bill, 0 and up.</param>
    public CounterRandom(ulong customerKey, DrawPurpose purpose, long period = 0) =>
        _state = Mix(customerKey ^ Mix((ulong)period * Golden + (ulong)purpose));

    /// <summary>The root of all draws of one customer.</summary>
    public static ulong CustomerKey(long seed, long customer) => Mix(Mix((ulong)seed + Golden) ^ ((ulong)customer * 0xD1342543DE82EF95));

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits() => Mix(_state += Golden);

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextUnit() => (NextBits() >>> 11) * (1.0 / (1UL << 53));

    /// <summary>True with probability <paramref name="probability"/>.</summary>
    public bool NextBool(double probability) => NextUnit() < probability;

    /// <summary>Uniform in 0..<paramref name="bound"/> - 1, for bounds far below 2^32.</summary>
    public long NextBelow(long bound) => (long)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Exponential with mean 1.</summary>
    public double NextExponential() => -Math.Log(1 - NextUnit());

    /// <summary>Standard normal, by Box and Muller; its twin is thrown away, so that every call takes two numbers.</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(2 * NextExponential());
        return radius * Math.Cos(2 * Math.PI * NextUnit());
    }

    /// <summary>Poisson by Knuth's product of uniforms.</summary>
    /// <param name="mean">0 to about 500: e^-mean must not vanish.</param>
    public int NextPoisson(double mean)
    {
        double limit = Math.Exp(-mean);
        double product = NextUnit();
        int count = 0;
        while (product > limit)
        {
            product *= NextUnit();
            count++;
        }
        return count;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >>> 27) * 0x94D049BB133111EB;
        return value ^ value >>> 31;
    }
}
