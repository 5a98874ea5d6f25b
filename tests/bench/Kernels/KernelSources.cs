using System.Reflection;
using System.Text.RegularExpressions;
using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests;

/// <summary>The kernels of the product, and the files that must go with them.</summary>
internal static class KernelSources
{
    private static readonly string s_bench = typeof(BenchCommand).Assembly.GetName().Name!;

    /// <summary>The product's assemblies: all that bench reaches.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } = FindAssemblies();

    /// <summary>Every kernel in every assembly of ours that bench reaches.</summary>
    public static IReadOnlyList<Type> All { get; } =
    [
        .. Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(VectorCode.IsKernel).OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>Test files that call both a fast form and a scalar form of the kernel, relative to the root.</summary>
    public static IReadOnlyList<string> TestsOf(string kernel)
    {
        var any = new Regex($@"\b{Regex.Escape(kernel)}\.\w+");
        return
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}bench{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Where(file => any.Matches(File.ReadAllText(file)).Select(match => match.Value.EndsWith("Scalar", StringComparison.Ordinal)).Distinct().Count() == 2)
                .Select(file => Path.GetRelativePath(Repository.Root, file)),
        ];
    }

    /// <summary>The class in bench/Kernels that mirrors the kernel; null when there is none.</summary>
    public static Type? BenchmarkOf(string kernel) =>
        File.Exists(Path.Combine(Repository.Root, "bench", "Kernels", kernel + "Benchmark.cs"))
            ? typeof(BenchCommand).Assembly.GetType($"ChurnEngine.Bench.{kernel}Benchmark") : null;

    /// <summary>The name without the mark of its type parameters.</summary>
    public static string NameOf(Type kernel) => kernel.Name.Split('`')[0];

    private static Assembly[] FindAssemblies()
    {
        var found = new Dictionary<string, Assembly>();
        var ahead = new Queue<Assembly>([typeof(BenchCommand).Assembly]);
        while (ahead.TryDequeue(out Assembly? assembly))
        {
            foreach (AssemblyName next in assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("ChurnEngine.", StringComparison.Ordinal)))
            {
                if (!found.ContainsKey(next.Name!))
                    ahead.Enqueue(found[next.Name!] = Assembly.Load(next));
            }
        }
        found.Remove(s_bench);
        return [.. found.Values];
    }
}
