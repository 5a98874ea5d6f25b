using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace ChurnEngine.Bench;

/// <summary>The machine that results belong to.</summary>
internal sealed partial record MachineInfo
{
    /// <summary>Model name as the system gives it, with family and model number, since a virtual machine's name says little.</summary>
    public required string Cpu { get; init; }

    /// <summary>Logical cores that this process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory that this process may use, GB of 2^30.</summary>
    public required double MemoryGb { get; init; }

    /// <summary>Version of the runtime.</summary>
    public required string Runtime { get; init; }

    public required string System { get; init; }

    /// <summary>The widest instruction set that the runtime uses: AVX-512, AVX2, SSE4.2, AdvSimd, none.</summary>
    public required string InstructionSet { get; init; }

    /// <summary>Name for files: lower case, digits and dashes. The instruction set is part of it: a host may keep AVX-512 from a virtual machine whose processor has it.</summary>
    public string Slug() => NotWord().Replace($"{Cpu} {Cores} cores {InstructionSet}".ToLowerInvariant(), "-").Trim('-');

    public static MachineInfo Read() => new()
    {
        Cpu = ReadCpu(),
        Cores = Environment.ProcessorCount,
        MemoryGb = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        Runtime = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        InstructionSet = WidestSet(),
    };

    /// <summary>Processes that wanted to run, averaged over the last minute; null where the system does not say.</summary>
    public static double? LoadAverage() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;

    /// <summary>What the runtime really uses, after switches such as DOTNET_EnableAVX2=0.</summary>
    public static string WidestSet() =>
        Vector512.IsHardwareAccelerated ? "AVX-512"
        : Avx2.IsSupported ? "AVX2"
        : Vector128.IsHardwareAccelerated ? (Sse42.IsSupported ? "SSE4.2" : "AdvSimd")
        : "none";

    private static string ReadCpu()
    {
        const string Source = "/proc/cpuinfo";
        if (!File.Exists(Source))
            return RuntimeInformation.ProcessArchitecture.ToString();
        Dictionary<string, string> first = File.ReadLines(Source).TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);
        string name = first.GetValueOrDefault("model name", RuntimeInformation.ProcessArchitecture.ToString());
        return first.TryGetValue("cpu family", out string? family) ? $"{name} (family {family}, model {first.GetValueOrDefault("model", "?")})" : name;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotWord();
}
