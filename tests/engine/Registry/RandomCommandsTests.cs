using ChurnEngine.Columns;

namespace ChurnEngine.Registry.Tests;

/// <summary>Random sequences of commands, accidents and kills against a model of the registry that fits into a few lines.</summary>
public sealed class RandomCommandsTests
{
    private static readonly GateVerdict s_no = new("roc_auc", false, "too low");

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Commands_AnySequence_LeaveWhatTheModelSays(int seed)
    {
        var random = new Random(seed);
        using var scene = new RegistryScene();
        var expected = new ModelOfARegistry();
        List<string> done = [];
        for (int step = 0; step < 40; step++)
        {
            scene.Clock.Now += TimeSpan.FromSeconds(random.Next(1, 1000));
            string what = Step(scene, expected, random);
            done.Add(what);
            try
            {
                Compare(scene, expected);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}, after {string.Join(", ", done)}: {failure.Message}", failure);
            }
        }
        Heal(scene, expected);
        Assert.Empty(scene.Registry.Verify(RegistryScene.Walk).Problems);
        foreach ((long at, string alias, string version) in expected.Moves)
        {
            Assert.Equal(version, scene.Registry.Read().History.At(alias, at)!.Version);
            Assert.Equal(expected.Moves.LastOrDefault(move => move.Alias == alias && move.At < at).Version, scene.Registry.Read().History.At(alias, at - 1)?.Version);
        }
    }

    private static string Step(RegistryScene scene, ModelOfARegistry expected, Random random)
    {
        string alias = AliasName.All[random.Next(AliasName.All.Count)];
        string? version = expected.Versions.Count == 0 ? null : expected.Versions[random.Next(expected.Versions.Count)];
        int choice = version is null ? 0 : random.Next(12);
        switch (choice)
        {
            case 0:
                string came = scene.Register(random.Next(RegistryScene.Models.Count));
                expected.Register(came);
                return $"register {came}";
            case 1 or 2 or 3:
                Assert.Equal(expected.Now(alias) != version, scene.Promote(version!, alias).Moved);
                expected.Move(alias, version!, scene.Clock.Micros);
                return $"promote {version} to {alias}";
            case 4:
                MoveOutcome refused = scene.Promote(version!, alias, s_no);
                Assert.Equal(expected.Now(alias) != version, refused.IsRefused);
                return $"refused {version} to {alias}";
            case 5:
                scene.Registry.Promote(new PromotionRequest(alias, version!, RegistryScene.Walk) { Verdicts = [s_no], Force = "because" });
                expected.Move(alias, version!, scene.Clock.Micros);
                return $"force {version} to {alias}";
            case 6 or 7:
                if (expected.Behind(alias) is { } back)
                {
                    Assert.Equal(back, scene.Rollback(alias).Version);
                    expected.Back(alias, back, scene.Clock.Micros);
                }
                else
                {
                    Assert.Equal("CE8110", Assert.Throws<ChurnConfigException>(() => scene.Rollback(alias)).Code.ToString());
                }
                return $"rollback {alias}";
            case 8:
                if (expected.Now(alias) is not null)
                    File.Delete(AliasFile.PathOf(scene.Folder, alias));
                return $"lose the file of {alias}";
            case 9:
                File.Delete(Path.Combine(scene.Folder, AuditLog.HeadFileName));
                return "lose the head";
            case 10:
                File.AppendAllText(Path.Combine(scene.Folder, AuditLog.FileName), "{\"number\":99,\"ti");
                return "tear a line";
            default:
                return Kill(scene, expected, alias, version!, random.Next(2) == 0);
        }
    }

    // What SIGKILL leaves between the line with the intent and the one that says it is done: with the alias's file moved, or not yet.
    private static string Kill(RegistryScene scene, ModelOfARegistry expected, string alias, string version, bool hasMoved)
    {
        Heal(scene, expected);
        string path = AliasFile.PathOf(scene.Folder, alias), log = Path.Combine(scene.Folder, AuditLog.FileName), head = Path.Combine(scene.Folder, AuditLog.HeadFileName);
        byte[]? before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        if (!scene.Promote(version, alias).Moved)
            return $"promote {version} to {alias} again";
        string[] lines = File.ReadAllLines(log);
        File.WriteAllText(log, string.Concat(lines[..^1].Select(line => line + "\n")));
        File.Delete(head);
        if (!hasMoved && before is null)
            File.Delete(path);
        else if (!hasMoved)
            File.WriteAllBytes(path, before!);
        Assert.Equal(hasMoved ? version : expected.Now(alias), scene.Registry.Read().VersionOf(alias));
        // The next change finishes it, from that instant on where the file had not moved.
        if (!hasMoved)
            scene.Clock.Now += TimeSpan.FromSeconds(7);
        Heal(scene, expected);
        expected.Move(alias, version, scene.Clock.Micros);
        return $"kill a promotion of {version} to {alias}, {(hasMoved ? "moved" : "not moved")}";
    }

    // Any change puts the registry in order first.
    private static void Heal(RegistryScene scene, ModelOfARegistry expected) => scene.Register(Enumerable.Range(0, RegistryScene.Models.Count).First(model => RegistryScene.Models[model].Version == expected.Versions[0]));

    private static void Compare(RegistryScene scene, ModelOfARegistry expected)
    {
        RegistryState state = scene.Registry.Read();
        Assert.Null(state.Log.Fault);
        Assert.Equal(expected.Versions.Order(StringComparer.Ordinal), state.Versions);
        foreach (string alias in AliasName.All)
        {
            Assert.Equal(expected.Now(alias), state.VersionOf(alias));
            if (expected.Now(alias) is { } version)
                Assert.Equal(version, Models.ModelFile.Load(state.ModelPath(alias)).Version);
        }
    }

    private sealed class ModelOfARegistry
    {
        private readonly Dictionary<string, List<string>> _stacks = AliasName.All.ToDictionary(alias => alias, _ => new List<string>());

        public List<string> Versions { get; } = [];

        public List<(long At, string Alias, string Version)> Moves { get; } = [];

        public void Register(string version)
        {
            if (!Versions.Contains(version))
                Versions.Add(version);
        }

        public string? Now(string alias) => _stacks[alias].LastOrDefault();

        /// <summary>What a rollback goes to: the latest below the top that is another version.</summary>
        public string? Behind(string alias) => _stacks[alias].SkipLast(1).LastOrDefault(version => version != Now(alias));

        public void Move(string alias, string version, long at)
        {
            if (Now(alias) == version)
                return;
            _stacks[alias].Add(version);
            Moves.Add((at, alias, version));
        }

        public void Back(string alias, string version, long at)
        {
            List<string> stack = _stacks[alias];
            int there = stack.FindLastIndex(stack.Count - 2, earlier => earlier == version);
            stack.RemoveRange(there, stack.Count - there);
            stack.Add(version);
            Moves.Add((at, alias, version));
        }
    }
}
