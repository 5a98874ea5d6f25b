using System.Diagnostics;

namespace ChurnEngine.Bench;

/// <summary>A build of bench in a place of its own: of another commit, in a temporary worktree, or of these sources with other properties.</summary>
internal sealed class BuiltTree : IDisposable
{
    private readonly string _folder;
    private readonly bool _isWorktree;

    private BuiltTree(string folder, bool isWorktree, string name) => (_folder, _isWorktree, Name) = (folder, isWorktree, name);

    /// <summary>What was built, for tables.</summary>
    public string Name { get; }

    /// <summary>Its ChurnEngine.Bench.dll.</summary>
    public string Program => Path.Combine(_folder, "artifacts", "bin", "Bench", "release", "ChurnEngine.Bench.dll");

    /// <summary>Checks out a commit into a temporary worktree and builds it there.</summary>
    /// <param name="revision">Anything that git takes for a commit.</param>
    /// <param name="cancellation">Ends the build.</param>
    public static BuiltTree OfCommit(string revision, CancellationToken cancellation)
    {
        string commit = SourceTree.Git("rev-parse", "--verify", "--quiet", revision + "^{commit}") is { Length: > 0 } hash ? hash
            : throw new BenchException($"git knows no commit '{revision}'", "name a commit, a tag or a branch, such as HEAD~1 or main");
        if (SourceTree.Git("cat-file", "-e", commit + ":bench/Stages/StageCommand.cs") is null)
            throw new BenchException($"commit {commit[..9]} has no `bench stage`, so its stages cannot be timed", "compare with a commit that has bench/Stages/StageCommand.cs");
        var tree = new BuiltTree(Directory.CreateTempSubdirectory("churn-guard-").FullName, isWorktree: true, commit[..9]);
        try
        {
            // Git wants the folder absent or empty; it is empty.
            if (SourceTree.Git("worktree", "add", "--detach", "--force", tree._folder, commit) is null)
                throw new BenchException($"git cannot make a worktree of {commit[..9]} in '{tree._folder}'", "see `git worktree list`; `git worktree prune` forgets lost ones");
            tree.ShareNativeParts();
            Build(tree._folder, Path.Combine(tree._folder, "artifacts"), "", cancellation);
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <summary>Builds these sources as they are, into a folder of its own.</summary>
    /// <param name="name">What tables call it.</param>
    /// <param name="property">An MSBuild property such as PlantedSlowdown=true; empty for none.</param>
    /// <param name="cancellation">Ends the build.</param>
    public static BuiltTree OfTheseSources(string name, string property, CancellationToken cancellation)
    {
        var tree = new BuiltTree(Directory.CreateTempSubdirectory("churn-guard-").FullName, isWorktree: false, name);
        try
        {
            Build(SourceTree.Root, Path.Combine(tree._folder, "artifacts"), property, cancellation);
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isWorktree)
            SourceTree.Git("worktree", "remove", "--force", _folder);
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        if (_isWorktree)
            SourceTree.Git("worktree", "prune");
    }

    // The native libraries are the same where the lock files are: linked, they need no second download.
    private void ShareNativeParts()
    {
        string from = Path.Combine(SourceTree.Root, "engine"), to = Path.Combine(_folder, "engine");
        string[] modules = [Path.Combine(from, "node_modules"), Path.Combine(to, "node_modules")];
        bool same = Directory.Exists(modules[0]) && File.ReadAllText(Path.Combine(from, "package-lock.json")) == File.ReadAllText(Path.Combine(to, "package-lock.json"));
        if (same && Run("cp", ["-rl", modules[0], modules[1]], to, CancellationToken.None).ExitCode == 0)
        {
            string stamp = Path.Combine(modules[1], ".npm-stamp");
            File.Delete(stamp);
            File.WriteAllText(stamp, "");
        }
    }

    private static void Build(string sources, string artifacts, string property, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"building {sources}{(property.Length > 0 ? $" with {property}" : "")}");
        string[] arguments = ["build", Path.Combine(sources, "bench", "Bench.csproj"), "-c", "Release", "--nologo", "-v", "quiet", $"-p:ArtifactsPath={artifacts}", .. property.Length > 0 ? [$"-p:{property}"] : Array.Empty<string>()];
        (int exitCode, string output) = Run("dotnet", arguments, sources, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (exitCode != 0)
            throw new BenchException($"the build of '{sources}' failed:\n{output.Trim()}", "that commit must build on this machine");
    }

    private static (int ExitCode, string Output) Run(string program, string[] arguments, string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // A build server that outlives the build would keep the folder in use.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration ended = cancellation.Register(() => process.Kill(entireProcessTree: true));
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
