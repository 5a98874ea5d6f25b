using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace ChurnEngine.Bench;

/// <summary>One form of a kernel at one setting, beside its scalar form.</summary>
/// <param name="Benchmark">Class in this folder that mirrors the kernel.</param>
/// <param name="Form">What the kernel has several of, such as log-loss and Brier; empty where it has one.</param>
/// <param name="Settings">Values of the benchmark's parameters.</param>
/// <param name="Fast">Method with the kernel's fast form.</param>
/// <param name="Scalar">Method with its scalar form.</param>
internal sealed record KernelCase(Type Benchmark, string Form, IReadOnlyList<(PropertyInfo Property, object? Value)> Settings, MethodInfo Fast, MethodInfo Scalar)
{
    private const string Suffix = "Benchmark";

    /// <summary>Every case of every kernel, found by BenchmarkDotNet's own attributes.</summary>
    public static IReadOnlyList<KernelCase> All { get; } =
    [
        .. typeof(KernelCase).Assembly.GetTypes().Where(type => type.IsClass && typeof(IKernelBenchmark).IsAssignableFrom(type)).OrderBy(type => type.Name, StringComparer.Ordinal).SelectMany(CasesOf),
    ];

    /// <summary>The kernel's name, and its form where it has several.</summary>
    public string Name => KernelOf(Benchmark) + (Form.Length > 0 ? "." + Form : "");

    /// <summary>The settings as text.</summary>
    public SortedDictionary<string, string> Parameters => new(Settings.ToDictionary(setting => setting.Property.Name, setting => Convert.ToString(setting.Value, CultureInfo.InvariantCulture)!), StringComparer.Ordinal);

    public static string KernelOf(Type benchmark) => benchmark.Name[..^Suffix.Length];

    /// <summary>A benchmark with this case's settings, filled; the caller disposes it where it can be disposed.</summary>
    public IKernelBenchmark Open()
    {
        var benchmark = (IKernelBenchmark)Activator.CreateInstance(Benchmark)!;
        foreach ((PropertyInfo property, object? value) in Settings)
            property.SetValue(benchmark, value);
        foreach (MethodInfo setup in Benchmark.GetMethods().Where(method => method.GetCustomAttribute<GlobalSetupAttribute>() is not null))
            setup.Invoke(benchmark, null);
        return benchmark;
    }

    private static IEnumerable<KernelCase> CasesOf(Type type)
    {
        MethodInfo[] methods = [.. type.GetMethods().Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null)];
        foreach (IGrouping<string, MethodInfo> form in methods.GroupBy(method => method.GetCustomAttribute<BenchmarkCategoryAttribute>()?.Categories[0] ?? ""))
        {
            MethodInfo scalar = form.Single(method => method.GetCustomAttribute<BenchmarkAttribute>()!.Baseline);
            MethodInfo fast = form.Single(method => method != scalar);
            foreach (IReadOnlyList<(PropertyInfo, object?)> settings in SettingsOf(type))
                yield return new KernelCase(type, form.Key, settings, fast, scalar);
        }
    }

    private static IEnumerable<IReadOnlyList<(PropertyInfo, object?)>> SettingsOf(Type type)
    {
        IEnumerable<IReadOnlyList<(PropertyInfo, object?)>> settings = [[]];
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (property.GetCustomAttribute<ParamsAttribute>() is { } values)
                settings = [.. settings.SelectMany(_ => values.Values, (before, value) => (IReadOnlyList<(PropertyInfo, object?)>)[.. before, (property, value)])];
        }
        return settings;
    }
}
