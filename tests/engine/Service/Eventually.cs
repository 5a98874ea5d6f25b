using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ChurnEngine.Service.Tests;

/// <summary>Waits for what another thread or process brings about.</summary>
internal static class Eventually
{
    // A limit for what never comes, not a measure of speed: machines that run tests are slow at times.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Asks twenty times a second until the condition holds; fails after two minutes.</summary>
    public static async Task Holds(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > s_patience)
                Assert.Fail($"after {s_patience.TotalMinutes:0} minutes it did not hold that {text}");
            await Task.Delay(50);
        }
    }
}
