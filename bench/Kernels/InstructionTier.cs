namespace ChurnEngine.Bench;

/// <summary>A set of instructions that the runtime may use, chosen by switches that it reads when it starts.</summary>
/// <param name="Name">As <see cref="MachineInfo.WidestSet"/> calls it.</param>
/// <param name="Switches">Environment of a process that shall not use more.</param>
internal sealed record InstructionTier(string Name, IReadOnlyDictionary<string, string> Switches)
{
    /// <summary>The tiers that this machine has, widest first. DOTNET_EnableAVX512F=0, the switch of earlier versions, does nothing on .NET 10.</summary>
    public static IReadOnlyList<InstructionTier> Here { get; } =
        [new(MachineInfo.WidestSet(), new Dictionary<string, string>()), .. Known().SkipWhile(tier => tier.Name != MachineInfo.WidestSet()).Skip(1)];

    /// <summary>Throws where the switches did not take effect, so that no result carries a wrong name.</summary>
    public static void Require(string name)
    {
        if (MachineInfo.WidestSet() != name)
            throw new BenchException($"this process should use {name} and uses {MachineInfo.WidestSet()}", "the runtime may spell its DOTNET_Enable... switches anew");
    }

    private static IEnumerable<InstructionTier> Known() =>
    [
        new("AVX-512", new Dictionary<string, string>()),
        new("AVX2", new Dictionary<string, string> { ["DOTNET_EnableAVX512"] = "0" }),
        new("SSE4.2", new Dictionary<string, string> { ["DOTNET_EnableAVX2"] = "0" }),
        new("none", new Dictionary<string, string> { ["DOTNET_EnableHWIntrinsic"] = "0" }),
    ];
}
