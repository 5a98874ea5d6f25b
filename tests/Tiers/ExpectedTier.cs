using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Tiers;

/// <summary>Compiled into every test project: a run that is meant for one instruction set refuses to go on with another, so that a switch without effect cannot pass for a test.</summary>
internal static class ExpectedTier
{
    /// <summary>AVX-512, AVX2, SSE4.2 or none.</summary>
    public const string Variable = "CHURN_EXPECTED_TIER";

    [ModuleInitializer]
    internal static void Check()
    {
        string? expected = Environment.GetEnvironmentVariable(Variable);
        string actual = Vector512.IsHardwareAccelerated ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Vector128.IsHardwareAccelerated ? "SSE4.2" : "none";
        if (expected is not null && expected != actual)
            throw new InvalidOperationException($"this run is meant for {expected} and has {actual}: a DOTNET_Enable... switch did not take effect");
    }
}
