using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests;

/// <summary>No kernel without a scalar form, a test that compares the two, and a benchmark with the scalar form as its baseline.</summary>
public class KernelCoverageTests
{
    public static TheoryData<string> Kernels => [.. KernelSources.All.Select(KernelSources.NameOf)];

    [Fact]
    public void Kernels_AreFound() =>
        Assert.Superset(new HashSet<string> { "ExpectedValueKernel", "FiniteKernel", "HistogramKernel", "KeySort", "Logistic", "PartitionKernel", "ProbabilityLoss" },
            KernelSources.All.Select(KernelSources.NameOf).ToHashSet());

    // The same arrows as the command: a stage that bench does not reach would hide its kernels.
    [Fact]
    public void Assemblies_OfEveryStage_AreLookedThrough()
    {
        string[] stages = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "engine"), "*.csproj", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).OfType<string>().Except(["Cli", "Service", "Microsoft.ML.OnnxRuntime"])];
        string[] reached = [.. KernelSources.Assemblies.Select(assembly => assembly.GetName().Name!.Replace("ChurnEngine.", "", StringComparison.Ordinal))];
        string[] missing = [.. stages.Except(reached)];
        Assert.True(missing.Length == 0, $"bench/Bench.csproj does not reach {string.Join(", ", missing)}");
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_HasAScalarForm(string kernel) => Assert.Null(ScalarFault(Find(kernel)));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_IsTestedAgainstItsScalarForm(string kernel) =>
        Assert.True(KernelSources.TestsOf(kernel).Count > 0, $"no test calls both {kernel}.Scalar and {kernel}'s fast form; write {kernel}Tests.cs with Run_AnyLength_EqualsScalar");

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_HasABenchmarkWithTheScalarFormAsBaseline(string kernel) => Assert.Null(BenchmarkFault(Find(kernel)));

    // The rules above on types made to break them: each must be seen.
    [Theory]
    [InlineData(typeof(PlantedKernel), "its name")]
    [InlineData(typeof(PlantedVectors), "Sum calls Vector256.Create")]
    [InlineData(typeof(PlantedNumericsVectors<>), "Sum calls Vector`1.get_Zero")]
    [InlineData(typeof(PlantedPasses), "Run makes 3 passes or more with TensorPrimitives")]
    [InlineData(typeof(PlantedScalar), "its scalar form")]
    public void WhyKernel_PlantedKernel_IsSeen(Type planted, string reason) => Assert.Equal(reason, VectorCode.WhyKernel(planted));

    [Theory]
    [InlineData(typeof(PlantedLibraryCall))]
    [InlineData(typeof(PlantedQuestion))]
    public void WhyKernel_NoKernel_IsLeftAlone(Type innocent) => Assert.Null(VectorCode.WhyKernel(innocent));

    [Fact]
    public void Faults_PlantedKernelWithNothing_AreNamed()
    {
        Assert.Contains("no scalar form", ScalarFault(typeof(PlantedKernel)), StringComparison.Ordinal);
        Assert.Contains("bench/Kernels/PlantedKernelBenchmark.cs", BenchmarkFault(typeof(PlantedKernel)), StringComparison.Ordinal);
        Assert.Empty(KernelSources.TestsOf(nameof(PlantedKernel)));
    }

    private static Type Find(string kernel) => KernelSources.All.Single(type => KernelSources.NameOf(type) == kernel);

    private static string? ScalarFault(Type kernel) =>
        VectorCode.ScalarForms(kernel).Count > 0 ? null : $"{kernel.FullName} is a kernel by {VectorCode.WhyKernel(kernel)} and has no scalar form: write Scalar, which defines it";

    private static string? BenchmarkFault(Type kernel)
    {
        string name = KernelSources.NameOf(kernel);
        if (KernelSources.BenchmarkOf(name) is not { } benchmark)
            return $"{name} has no mirror bench/Kernels/{name}Benchmark.cs";
        string[] unused = [.. VectorCode.ScalarForms(kernel).Where(scalar => !VectorCode.Calls(benchmark, kernel, scalar))];
        return unused.Length > 0 ? $"{benchmark.Name} does not time {string.Join(", ", unused)}"
            : KernelCase.All.Any(one => one.Benchmark == benchmark) ? null : $"{benchmark.Name} implements no {nameof(IKernelBenchmark)} or has no baseline";
    }
}

internal static class PlantedKernel
{
    public static int Run(int[] values) => values.Length;
}

internal sealed class PlantedVectors
{
    public static float Sum(float value) => Vector256.Sum(Vector256.Create(value));
}

internal sealed class PlantedNumericsVectors<T>
{
    public static Vector<T> Sum(Vector<T> value) => value + Vector<T>.Zero;
}

internal sealed class PlantedPasses
{
    public static void Run(float[] values)
    {
        TensorPrimitives.Exp(values, values);
        TensorPrimitives.Negate(values, values);
        TensorPrimitives.Abs(values, values);
    }
}

internal sealed class PlantedScalar
{
    public static int SumScalar(int[] values) => values.Sum();
}

internal sealed class PlantedLibraryCall
{
    public static float Norm(float[] values) => TensorPrimitives.Norm<float>(values);
}

internal sealed class PlantedQuestion
{
    public static bool HasVectors => Vector512.IsHardwareAccelerated;
}
