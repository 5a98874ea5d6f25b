using System.Collections;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Cli.Doctor;

/// <summary>An extension of the processor.</summary>
/// <param name="Name">As its maker calls it.</param>
/// <param name="IsUsed">True when .NET compiles for it in this process.</param>
/// <param name="Flag">As /proc/cpuinfo calls it.</param>
internal sealed record InstructionSet(string Name, bool IsUsed, string Flag)
{
    /// <summary>Extensions that processors are bought for and .NET 10 has no functions for, by /proc/cpuinfo's names.</summary>
    public static IReadOnlyDictionary<string, string> BeyondDotNet { get; } = new Dictionary<string, string>
    {
        ["avx512_vnni"] = "AVX-512VNNI",
        ["avx512_bf16"] = "AVX-512BF16",
        ["avx512_fp16"] = "AVX-512FP16",
        ["amx_int8"] = "AMX-INT8",
        ["amx_bf16"] = "AMX-BF16",
        ["i8mm"] = "I8MM",
        ["bf16"] = "BF16",
    };

    /// <summary>Those of this architecture that .NET can use, narrow ones first.</summary>
    public static IReadOnlyList<InstructionSet> All { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 or Architecture.X86 =>
        [
            new("SSE4.2", Sse42.IsSupported, "sse4_2"), new("POPCNT", Popcnt.IsSupported, "popcnt"), new("AVX", Avx.IsSupported, "avx"), new("AVX2", Avx2.IsSupported, "avx2"),
            new("FMA", Fma.IsSupported, "fma"), new("BMI1", Bmi1.IsSupported, "bmi1"), new("BMI2", Bmi2.IsSupported, "bmi2"), new("LZCNT", Lzcnt.IsSupported, "abm"),
            new("AES", System.Runtime.Intrinsics.X86.Aes.IsSupported, "aes"), new("PCLMULQDQ", Pclmulqdq.IsSupported, "pclmulqdq"), new("GFNI", Gfni.IsSupported, "gfni"),
            new("AVX-VNNI", AvxVnni.IsSupported, "avx_vnni"), new("AVX-512F", Avx512F.IsSupported, "avx512f"), new("AVX-512BW", Avx512BW.IsSupported, "avx512bw"),
            new("AVX-512CD", Avx512CD.IsSupported, "avx512cd"), new("AVX-512DQ", Avx512DQ.IsSupported, "avx512dq"), new("AVX-512VL", Avx512F.VL.IsSupported, "avx512vl"),
            new("AVX-512VBMI", Avx512Vbmi.IsSupported, "avx512vbmi"), new("AVX-512VBMI2", Avx512Vbmi2.IsSupported, "avx512_vbmi2"), new("AVX10.1", Avx10v1.IsSupported, "avx10_1"),
        ],
        Architecture.Arm64 =>
        [
            new("AdvSIMD", AdvSimd.IsSupported, "asimd"), new("DotProduct", Dp.IsSupported, "asimddp"), new("RDM", Rdm.IsSupported, "asimdrdm"), new("CRC32", Crc32.IsSupported, "crc32"),
            new("AES", System.Runtime.Intrinsics.Arm.Aes.IsSupported, "aes"), new("SHA256", Sha256.IsSupported, "sha2"), new("SVE", IsSveSupported, "sve"),
        ],
        _ => [],
    };

    /// <summary>Variables of the environment that take instruction sets away, as NAME=value.</summary>
    public static IEnumerable<string> SwitchesOff()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            int start = name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase) ? 7 : name.StartsWith("COMPlus_", StringComparison.OrdinalIgnoreCase) ? 8 : -1;
            if (start < 0)
                continue;
            string setting = name[start..];
            bool takesAway = setting.StartsWith("Enable", StringComparison.OrdinalIgnoreCase) && (string?)variable.Value == "0"
                || setting.Equals("PreferredVectorBitWidth", StringComparison.OrdinalIgnoreCase) || setting.Equals("MaxVectorTBitWidth", StringComparison.OrdinalIgnoreCase);
            if (takesAway)
                yield return $"{name}={variable.Value}";
        }
    }

#pragma warning disable SYSLIB5003 // SVE is marked as experimental; asking whether it is there is safe.
    private static bool IsSveSupported => Sve.IsSupported;
#pragma warning restore SYSLIB5003
}
