using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChurnEngine.Cli.Doctor;

/// <summary>Cores, how busy they are, and the instruction sets that .NET uses of those that the processor has.</summary>
internal sealed class ProcessorProbe : IProbe
{
    public string Topic => "processor";

    public Need Serves => Need.Machine;

    public IEnumerable<Finding> Look()
    {
        yield return Cores();
        yield return Load();
        InstructionSet[] used = [.. InstructionSet.All.Where(set => set.IsUsed)];
        string widest = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : Vector128.IsHardwareAccelerated ? "128" : "no";
        yield return new Finding("processor.instructions", "instruction sets", widest == "no" ? Standing.Warning : Standing.Good,
            used.Length == 0 ? "none beyond the least: every kernel runs its scalar form" : $"{string.Join(", ", used.Select(set => set.Name))}; widest vectors {widest} bit")
        {
            Needs = Need.Machine,
            Hint = widest == "no" ? "results are the same, but slower by several times" : "",
            Details = new Dictionary<string, object> { ["used"] = used.Select(set => set.Name).ToArray(), ["vector_bits"] = Vector<byte>.Count * 8 },
        };
        string[] flags = (SystemFile.Value("/proc/cpuinfo", "flags") ?? SystemFile.Value("/proc/cpuinfo", "Features") ?? "").Split(' ');
        if (Unused(flags) is { } unused)
            yield return unused;
        string[] beyond = [.. flags.Where(InstructionSet.BeyondDotNet.ContainsKey).Select(flag => InstructionSet.BeyondDotNet[flag])];
        if (beyond.Length > 0)
            yield return new Finding("processor.beyond_dotnet", "present, but not in .NET", Standing.Note, string.Join(", ", beyond)) { Needs = Need.Machine };
    }

    private static Finding Cores()
    {
        int offered = Environment.ProcessorCount;
        string information = SystemFile.Read("/proc/cpuinfo") ?? "";
        string model = SystemFile.Value("/proc/cpuinfo", "model name") ?? "unknown model";
        int machine = Math.Max(1, information.Split('\n').Count(line => line.StartsWith("processor", StringComparison.Ordinal)));
        string? quota = SystemFile.ControlGroup("cpu", "cpu.max", "cpu.cfs_quota_us");
        string limit = SystemFile.Number(quota) is > 0 ? $", control group's quota {quota}" : "";
        return new Finding("processor.cores", "cores", Standing.Good, $"{offered} offered of {machine}{limit}; {model}, {RuntimeInformation.ProcessArchitecture}")
        {
            Needs = Need.Machine,
            Details = new Dictionary<string, object> { ["offered"] = offered, ["machine"] = machine },
        };
    }

    private static Finding Load()
    {
        string[] averages = SystemFile.Read("/proc/loadavg")?.Split(' ') ?? [];
        if (averages.Length < 3 || !double.TryParse(averages[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double minute))
            return new Finding("processor.load", "load average", Standing.Note, "unknown");
        bool busy = minute > Environment.ProcessorCount;
        return new Finding("processor.load", "load average", busy ? Standing.Warning : Standing.Note, $"{averages[0]}, {averages[1]}, {averages[2]} (1, 5, 15 minutes)")
        {
            Needs = Need.Machine,
            Hint = busy ? "more is running here than there are cores: expect jobs to be slower, and measure nothing" : "",
            Details = new Dictionary<string, object> { ["one_minute"] = minute },
        };
    }

    // What the processor has and .NET does not use was switched off by somebody, or is too new or too odd for this runtime.
    private static Finding? Unused(string[] flags)
    {
        InstructionSet[] unused = [.. InstructionSet.All.Where(set => !set.IsUsed && flags.Contains(set.Flag))];
        if (unused.Length == 0)
            return null;
        string[] switches = [.. InstructionSet.SwitchesOff()];
        string names = string.Join(", ", unused.Select(set => set.Name));
        return new Finding("processor.switched_off", "instruction sets not used", switches.Length > 0 ? Standing.Warning : Standing.Note,
            switches.Length > 0 ? $"{names}: switched off by {string.Join(", ", switches)}" : names)
        {
            Needs = Need.Machine,
            Hint = switches.Length > 0 ? "results are the same, but slower; unset what was set for a test" : "",
            Details = new Dictionary<string, object> { ["unused"] = unused.Select(set => set.Name).ToArray(), ["switches"] = switches },
        };
    }
}
