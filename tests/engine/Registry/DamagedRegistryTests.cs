using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry.Tests;

/// <summary>Every file of a registry cut, flipped and deleted: what serves is the right model or an error, `verify` says what is wrong, and a backup brings everything back.</summary>
public sealed class DamagedRegistryTests
{
    private static readonly string[] s_damages = ["cut", "flipped", "emptied", "deleted"];

    public static TheoryData<string> Damages => [.. s_damages];

    [Theory]
    [MemberData(nameof(Damages))]
    public void AnyFile_Damaged_IsSeenAndNeverServesAnotherModel(string damage)
    {
        using var scene = Filled(out string production);
        string[] files = [.. Directory.GetFiles(scene.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(3 * 3 + 2 + 2, files.Length);
        scene.Registry.Backup(scene.Temporary["backup"]);
        var sound = Content(scene.Folder);
        foreach (string file in files)
        {
            Damage(file, damage, new Random(file.Length));
            string name = Path.GetRelativePath(scene.Folder, file);
            RegistryVerification found = scene.Registry.Verify(RegistryScene.Walk);
            Assert.True(found.Problems.Count > 0, $"{name} {damage}: nothing was noticed");
            AssertServes(scene, production, name, damage);

            RestoreOutcome restored = scene.Registry.Restore(scene.Temporary["backup"]);
            Assert.Empty(scene.Registry.Verify(RegistryScene.Walk).Problems);
            Assert.Equal(production, scene.Registry.Read().VersionOf(AliasName.Production));
            Assert.Equal(name.StartsWith("versions", StringComparison.Ordinal), restored.Versions.Count == 1);
            foreach ((string path, string bytes) in sound.Where(entry => !entry.Key.StartsWith("audit", StringComparison.Ordinal)))
                Assert.Equal(bytes, Convert.ToHexString(File.ReadAllBytes(Path.Combine(scene.Folder, path))));
        }
    }

    [Fact]
    public void LogAndAlias_BothDamaged_AreAnErrorAndNotAGuess()
    {
        using var scene = Filled(out _);
        Damage(Path.Combine(scene.Folder, AuditLog.FileName), "flipped", new Random(3));
        Damage(AliasFile.PathOf(scene.Folder, AliasName.Production), "flipped", new Random(3));
        Assert.Equal("CE8104", Assert.Throws<ChurnDataException>(() => scene.Registry.Read().ModelPath(AliasName.Production)).Code.ToString());
        Assert.Equal("CE8104", Assert.Throws<ChurnDataException>(() => scene.Rollback()).Code.ToString());
    }

    [Fact]
    public void Production_Deleted_OffersTheLastGoodOne()
    {
        using var scene = Filled(out string production);
        string last = scene.Registry.Read().LastGood(AliasName.Production)!;
        Directory.Delete(Path.Combine(scene.Folder, "versions", production), recursive: true);
        var error = Assert.Throws<ChurnModelException>(() => scene.Registry.Read().ModelPath(AliasName.Production));
        Assert.Equal("CE8106", error.Code.ToString());
        Assert.Contains(last, error.Hint, StringComparison.Ordinal);
        Assert.Contains(scene.Registry.Verify(RegistryScene.Walk).Problems, problem => problem.What.Contains("production", StringComparison.Ordinal) && problem.Hint.Contains(last, StringComparison.Ordinal));
        Assert.Equal(last, scene.Rollback().Version);
        Assert.Equal(last, ModelFile.Load(scene.Registry.Read().ModelPath(AliasName.Production)).Version);
    }

    [Fact]
    public void Rollback_EarlierVersionDamaged_GoesOneFurther()
    {
        using var scene = new RegistryScene();
        string[] versions = [.. Enumerable.Range(0, 3).Select(scene.Register)];
        foreach (string version in versions)
            scene.Promote(version);
        File.Delete(Path.Combine(scene.Folder, "versions", versions[1], "model.onnx"));
        MoveOutcome outcome = scene.Rollback();
        Assert.Equal(versions[0], outcome.Version);
        Assert.Contains(versions[1], outcome.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_DamagedVersion_IsMadeWholeByTheSameFile()
    {
        using var scene = Filled(out string production);
        string path = Path.Combine(scene.Folder, "versions", production, "model.onnx");
        Damage(path, "flipped", new Random(5));
        scene.Register(2);
        Assert.Equal(production, ModelFile.Load(path).Version);
        Assert.Empty(scene.Registry.Verify(RegistryScene.Walk).Problems);
    }

    [Fact]
    public void Restore_DamagedBackup_IsRefusedAndTouchesNothing()
    {
        using var scene = Filled(out _);
        scene.Registry.Backup(scene.Temporary["backup"]);
        var before = Content(scene.Folder);
        foreach (string file in Directory.GetFiles(scene.Temporary["backup"], "*", SearchOption.AllDirectories))
        {
            byte[] whole = File.ReadAllBytes(file);
            foreach (string damage in s_damages)
            {
                Damage(file, damage, new Random(1));
                Assert.Equal("CE8111", Assert.Throws<ChurnDataException>(() => scene.Registry.Restore(scene.Temporary["backup"])).Code.ToString());
                File.WriteAllBytes(file, whole);
            }
        }
        Assert.Equal(before, Content(scene.Folder));
    }

    [Fact]
    public void Restore_RegistryGone_BringsAllBack()
    {
        using var scene = Filled(out string production);
        scene.Registry.Backup(scene.Temporary["backup"]);
        Directory.Delete(scene.Folder, recursive: true);
        Assert.Equal(3, scene.Registry.Restore(scene.Temporary["backup"]).Versions.Count);
        Assert.Equal(production, ModelFile.Load(scene.Registry.Read().ModelPath(AliasName.Production)).Version);
        Assert.Empty(scene.Registry.Verify(RegistryScene.Walk).Problems);
    }

    [Fact]
    public void Restore_RegistryWentOn_KeepsWhatCameAfterTheBackup()
    {
        using var scene = Filled(out _);
        scene.Registry.Backup(scene.Temporary["backup"]);
        string later = scene.Register(3);
        scene.Promote(later);
        Assert.False(scene.Registry.Restore(scene.Temporary["backup"]).LogReplaced);
        Assert.Equal(later, scene.Registry.Read().VersionOf(AliasName.Production));
    }

    [Fact]
    public void Restore_BothWentOn_IsRefused()
    {
        using var scene = Filled(out _);
        string early = scene.Temporary["early"];
        scene.Registry.Backup(early);
        scene.Register(3);
        scene.Registry.Backup(scene.Temporary["late"]);
        Directory.Delete(scene.Folder, recursive: true);
        scene.Registry.Restore(early);
        Assert.Equal("CE8113", Assert.Throws<ChurnConfigException>(() => scene.Registry.Restore(scene.Temporary["late"])).Code.ToString());
    }

    private static RegistryScene Filled(out string production)
    {
        var scene = new RegistryScene();
        string[] versions = [.. Enumerable.Range(0, 3).Select(scene.Register)];
        scene.Promote(versions[0]);
        scene.Promote(versions[1]);
        scene.Promote(versions[2]);
        scene.Promote(versions[1], AliasName.Staging);
        production = versions[2];
        return scene;
    }

    // What is served is production's model, or nothing.
    private static void AssertServes(RegistryScene scene, string production, string name, string damage)
    {
        bool isItsModel = name == $"versions/{production}/model.onnx";
        try
        {
            Assert.Equal(production, ModelFile.Load(scene.Registry.Read().ModelPath(AliasName.Production)).Version);
            Assert.False(isItsModel, $"{name} {damage} was served");
        }
        catch (ChurnModelException damaged)
        {
            Assert.True(isItsModel, $"{name} {damage}: {damaged.Describe()}");
        }
    }

    private static SortedDictionary<string, string> Content(string folder) =>
        new(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToHexString(File.ReadAllBytes(file))), StringComparer.Ordinal);

    private static void Damage(string file, string damage, Random random)
    {
        byte[] bytes = File.ReadAllBytes(file);
        switch (damage)
        {
            case "cut":
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                break;
            case "flipped":
                bytes[random.Next(bytes.Length / 4, 3 * bytes.Length / 4)] ^= 0x01;
                File.WriteAllBytes(file, bytes);
                break;
            case "emptied":
                File.WriteAllBytes(file, []);
                break;
            default:
                File.Delete(file);
                break;
        }
    }
}
