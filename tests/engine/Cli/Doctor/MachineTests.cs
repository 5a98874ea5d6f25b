using ChurnEngine.Cli.Doctor;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Doctor;

/// <summary>What the doctor says of a machine, for real: this one, and this one with something taken away.</summary>
public sealed class MachineTests
{
    private static readonly string[] s_readers = ["validate", "features", "train", "evaluate", "score", "monitor", "run", "audit", "demo"];

    [Fact]
    public void Needs_AreStatedForEveryVerb() =>
        Assert.Equal(Cli.Program.Create().Root.Subcommands.Select(verb => verb.Name).Where(name => name != "doctor").Order(), VerbNeeds.Verbs.Order());

    [Fact]
    public void Doctor_OnThisMachine_FindsEverythingNeeded()
    {
        CommandRun run = Churn.Run("doctor", "--json").Expect(ExitCode.Done);
        var found = new Diagnosis(run);
        Assert.Equal(VerbNeeds.Verbs, found.Ready);
        Assert.All(["runtime.dotnet", "system.os", "memory.offered", "folder.temporary", "native.duckdb", "native.sqlite", "native.onnxruntime"], id => Assert.Equal("good", found.Standing(id)));
        Assert.Contains("CPUExecutionProvider", found.Found("native.execution_providers"), StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessorCount, found["processor.cores"].GetProperty("details").GetProperty("offered").GetInt32());
        Assert.Distinct(found.Ids);
        Assert.True(run.Result.GetProperty("ready").GetBoolean());
    }

    [Fact]
    public void Doctor_ForOneVerb_LeavesOutWhatItDoesNotNeed()
    {
        var decide = new Diagnosis(Churn.Run("doctor", "--for", "decide", "--json").Expect(ExitCode.Done));
        Assert.Equal(["decide"], decide.Ready);
        Assert.Contains("native.duckdb", decide.Ids);
        Assert.All(["native.onnxruntime", "folder.temporary", "gpu.device", "peers.python", "runtime.sdk"], id => Assert.DoesNotContain(id, decide.Ids));
        Assert.Contains("native.onnxruntime", new Diagnosis(Churn.Run("doctor", "--for", "score", "--json").Expect(ExitCode.Done)).Ids);
    }

    [Fact]
    public void Doctor_ForAWordThatIsNoVerb_AsksWhatWasMeant()
    {
        CommandRun run = Churn.Run("doctor", "--for", "scor").Expect(ExitCode.Usage);
        Assert.StartsWith("CE1002 unknown verb 'scor'. Hint: did you mean 'score'?", run.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no-such-folder-for-doctor/tmp", "does not exist")]
    [InlineData("/proc", "cannot be written")]
    [InlineData("/etc/passwd", "is no folder")]
    public void Doctor_WithoutATemporaryFolder_NamesTheVerbsThatReadTables(string folder, string says)
    {
        CommandRun run = DoctorProcess.Run(new Dictionary<string, string> { ["TMPDIR"] = folder }, "doctor", "--json").Expect(ExitCode.GateSaidNo);
        var found = new Diagnosis(run);
        Assert.Equal("missing", found.Standing("folder.temporary"));
        Assert.Contains(says, found.Found("folder.temporary"), StringComparison.Ordinal);
        Assert.Contains("TMPDIR", found.Hint("folder.temporary"), StringComparison.Ordinal);
        Assert.Equal(s_readers, found.Unready);
        Assert.Equal(["generate", "explain", "decide", "serve", "models", "runs"], found.Ready);
    }

    [Fact]
    public void Doctor_WithAnEmptyPath_StillAnswersAndIsReady()
    {
        var found = new Diagnosis(DoctorProcess.Run(new Dictionary<string, string> { ["PATH"] = "" }, "doctor", "--json").Expect(ExitCode.Done));
        Assert.All(["tools.node", "tools.npm", "peers.chromium", "peers.hyperfine", "peers.postgresql"], id =>
        {
            Assert.Equal("not found", found.Found(id));
            Assert.Equal("note", found.Standing(id));
            Assert.StartsWith("only ", found.Hint(id), StringComparison.Ordinal);
        });
        Assert.True(found.Found("runtime.sdk") == "not found" || found.Found("runtime.sdk").EndsWith("`dotnet` is not in PATH", StringComparison.Ordinal), found.Found("runtime.sdk"));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "avx512f", "AVX-512F")]
    [InlineData("DOTNET_EnableAVX2", "avx2", "AVX2")]
    public void Doctor_WithInstructionsSwitchedOff_SaysWhichAndByWhat(string variable, string flag, string name)
    {
        bool hasIt = File.ReadAllText("/proc/cpuinfo").Split([' ', '\n']).Contains(flag);
        var found = new Diagnosis(DoctorProcess.Run(new Dictionary<string, string> { [variable] = "0" }, "doctor", "--for", "generate", "--json").Expect(ExitCode.Done));
        Assert.DoesNotContain(name, found.Found("processor.instructions").Split([", ", "; "], StringSplitOptions.None));
        Assert.Equal(hasIt, found.Ids.Contains("processor.switched_off"));
        if (!hasIt)
            return;
        Assert.Equal("warning", found.Standing("processor.switched_off"));
        Assert.Contains($"switched off by {variable}=0", found.Found("processor.switched_off"), StringComparison.Ordinal);
        Assert.Contains(name, found["processor.switched_off"].GetProperty("details").GetProperty("unused").EnumerateArray().Select(set => set.GetString()));
        Assert.DoesNotContain(found.Ids, id => id == "runtime.switches");
    }

    [Fact]
    public void Doctor_WithLittleMemory_RefusesEveryVerb()
    {
        var found = new Diagnosis(DoctorProcess.Run(new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x10000000" }, "doctor", "--json").Expect(ExitCode.GateSaidNo));
        Assert.Equal("missing", found.Standing("memory.offered"));
        Assert.Equal(VerbNeeds.Verbs, found.Unready);
        Assert.Contains("DOTNET_GCHeapHardLimit=0x10000000", found.Found("runtime.switches"), StringComparison.Ordinal);
    }

    /// <summary>A driver that answers on a machine without CUDA: the probes behind it must not fail.</summary>
    [Fact]
    public void Doctor_BesideADriverWithoutItsLibraries_NamesThemAndStaysReady()
    {
        using var folder = new TemporaryDirectory();
        Program(folder, "nvidia-smi", "echo 'NVIDIA H200, 580.65.06, 143771 MiB'");
        var found = new Diagnosis(DoctorProcess.Run(new Dictionary<string, string> { ["PATH"] = folder.Path }, "doctor", "--json").Expect(ExitCode.Done));
        Assert.Equal("NVIDIA H200, 580.65.06, 143771 MiB", found.Found("gpu.device"));
        Assert.All(["gpu.driver", "gpu.cuda_libraries", "gpu.provider"], id => Assert.Equal("note", found.Standing(id)));
    }

    [Theory]
    [InlineData("exec /bin/sleep 600", "did not answer within")]
    [InlineData("while :; do echo more; done", "did not answer within")]
    [InlineData("echo broken; exit 3", "ended with exit code 3: broken")]
    [InlineData("exit 0", "said nothing")]
    [InlineData("kill -9 $$", "ended with exit code")]
    public void Doctor_BesideAProgramThatMisbehaves_SaysSoAndGoesOn(string script, string says)
    {
        using var folder = new TemporaryDirectory();
        Program(folder, "nvidia-smi", script);
        Program(folder, "node", script);
        var found = new Diagnosis(DoctorProcess.Run(new Dictionary<string, string> { ["PATH"] = folder.Path }, "doctor", "--json").Expect(ExitCode.Done));
        Assert.Contains(says, found.Found("tools.node"), StringComparison.Ordinal);
        Assert.Contains($"nvidia-smi: {says}", found.Found("gpu.device"), StringComparison.Ordinal);
    }

    private static void Program(TemporaryDirectory folder, string name, string script)
    {
        folder.Write(name, $"#!/bin/sh\n{script}\n");
        using var chmod = System.Diagnostics.Process.Start("chmod", ["700", folder[name]]);
        chmod.WaitForExit();
        Assert.Equal(0, chmod.ExitCode);
    }
}
