namespace ChurnEngine.Registry.Tests;

public sealed class AuditLogTests
{
    [Fact]
    public void Chain_AnyLineChangedMovedOrTakenOut_IsSeen()
    {
        using var scene = new RegistryScene();
        foreach (int model in Enumerable.Range(0, 3))
            scene.Promote(scene.Register(model));
        string path = Path.Combine(scene.Folder, AuditLog.FileName);
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(9, lines.Length);
        Assert.Null(AuditLog.Read(scene.Folder).Fault);
        for (int line = 0; line < lines.Length; line++)
        {
            AssertFault(scene, [.. lines[..line], lines[line].Replace("2024-07-01", "2024-07-02", StringComparison.Ordinal), .. lines[(line + 1)..]]);
            AssertFault(scene, [.. lines[..line], .. lines[(line + 1)..]]);
            AssertFault(scene, [.. lines[..line], lines[line], .. lines[line..]]);
            if (line > 0)
                AssertFault(scene, [.. lines[..(line - 1)], lines[line], lines[line - 1], .. lines[(line + 1)..]]);
            AssertFault(scene, lines[..line]);
        }
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
        Assert.Null(AuditLog.Read(scene.Folder).Fault);
    }

    [Fact]
    public void Append_ClockWentBack_TimesNeverDo()
    {
        using var scene = new RegistryScene();
        scene.Register(0);
        scene.Clock.Now -= TimeSpan.FromDays(3);
        scene.Promote(RegistryScene.Models[0].Version);
        long[] times = [.. scene.Registry.Read().Log.Entries.Select(entry => entry.At)];
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void TornLine_IsTakenOffByTheNextChange()
    {
        using var scene = new RegistryScene();
        scene.Register(0);
        string path = Path.Combine(scene.Folder, AuditLog.FileName);
        byte[] whole = File.ReadAllBytes(path);
        File.AppendAllText(path, "{\"number\":2,\"time\":\"2024-0");
        Assert.Contains(scene.Registry.Verify(RegistryScene.Walk).Problems, problem => problem.HealsItself);
        scene.Register(0);
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.Empty(scene.Registry.Verify(RegistryScene.Walk).Problems);
    }

    [Fact]
    public void EndGoneWithItsHead_TheAliasRemembers()
    {
        using var scene = new RegistryScene();
        scene.Promote(scene.Register(0));
        string path = Path.Combine(scene.Folder, AuditLog.FileName);
        File.WriteAllText(path, File.ReadAllLines(path)[0] + "\n");
        File.Delete(Path.Combine(scene.Folder, AuditLog.HeadFileName));
        Assert.Contains(scene.Registry.Verify(RegistryScene.Walk).Problems, problem => problem.Problem.Contains("end is gone", StringComparison.Ordinal));
    }

    private static void AssertFault(RegistryScene scene, string[] lines)
    {
        File.WriteAllText(Path.Combine(scene.Folder, AuditLog.FileName), string.Concat(lines.Select(line => line + "\n")));
        Assert.NotNull(AuditLog.Read(scene.Folder).Fault);
    }
}
