using ChurnEngine.DataGen.BusinessSoftware;
using ChurnEngine.DataGen.MusicLog;
using ChurnEngine.DataGen.Streaming;
using ChurnEngine.DataGen.Telecom;

namespace ChurnEngine.DataGen;

/// <summary>A kind of world that can be asked for by name.</summary>
internal sealed record Scenario
{
    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Name = "streaming",
            DefaultCustomers = 20_000,
            Files = StreamingTables.Files,
            Drifts = StreamingDrifts.All,
            Extras = StreamingExtras.All,
            Open = options => new StreamingModel(options),
        },
        new()
        {
            Name = "telecom",
            DefaultCustomers = 20_000,
            Files = TelecomTables.Files,
            Drifts = TelecomDrifts.All,
            Open = options => new TelecomModel(options),
        },
        new()
        {
            Name = "music-log",
            DefaultCustomers = 2_000,
            Files = MusicTables.Files,
            Drifts = MusicDrifts.All,
            Open = options => new MusicModel(options),
        },
        new()
        {
            Name = "b2b",
            DefaultCustomers = 10_000,
            Files = AccountTables.Files,
            Drifts = AccountDrifts.All,
            Open = options => new AccountModel(options),
        },
    ];

    public required string Name { get; init; }

    /// <summary>Customers of a world of a handy size.</summary>
    public required int DefaultCustomers { get; init; }

    /// <summary>Every file that some options may lead to.</summary>
    public required IReadOnlyList<WorldFile> Files { get; init; }

    public required IReadOnlyList<DriftFeature> Drifts { get; init; }

    /// <summary>What the world has only when asked for.</summary>
    public IReadOnlyList<string> Extras { get; init; } = [];

    public required Func<WorldOptions, IWorld> Open { get; init; }

    public static Scenario? Of(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
