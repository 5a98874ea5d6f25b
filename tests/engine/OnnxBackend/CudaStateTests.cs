using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.ModelSamples;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>What is said where CUDA cannot be had; that it runs where it can is for a machine with a GPU.</summary>
public sealed class CudaStateTests
{
    private const string Provider = "/opt/churn/libonnxruntime_providers_cuda.so";
    private static readonly CudaDriver s_none = new("no NVIDIA driver (libcuda.so.1 cannot be loaded)", 0, 0, "");
    private static readonly CudaDriver s_h200 = new(null, 13_000, 1, "NVIDIA H200");

    [Fact]
    public void Judge_AllThere_IsUsable()
    {
        CudaState state = CudaState.Judge(Provider, s_h200, () => null);
        Assert.True(state.IsUsable);
        Assert.Equal("NVIDIA H200 with CUDA 13.0", state.Reason);
    }

    public static TheoryData<string?, bool, int, int, string?, string, string> Lacks => new()
    {
        { null, false, 13_000, 1, null, "no CUDA provider in this build for NVIDIA H200", "-p:Gpu=true" },
        { Provider, true, 0, 0, null, "no NVIDIA driver", "install NVIDIA's driver" },
        { Provider, false, 13_000, 0, null, "without a device", "CUDA_VISIBLE_DEVICES" },
        { Provider, false, 12_040, 1, null, "too old: it knows CUDA 12.4, and the provider needs 13.0", "580" },
        { Provider, false, 13_000, 1, "libcudnn.so.9: cannot open shared object file", "cannot be loaded: libcudnn.so.9", "cuDNN 9" },
    };

    [Theory]
    [MemberData(nameof(Lacks))]
    public void Judge_SomethingIsAbsent_SaysWhatAndWhatToDo(string? provider, bool isDriverAbsent, int version, int devices, string? loadFault, string reason, string hint)
    {
        CudaState state = CudaState.Judge(provider, isDriverAbsent ? s_none : s_h200 with { Version = version, Devices = devices }, () => loadFault);
        Assert.False(state.IsUsable);
        Assert.True(state.IsExpected);
        Assert.Contains(reason, state.Reason, StringComparison.Ordinal);
        Assert.Contains(hint, state.Hint, StringComparison.Ordinal);
    }

    // Most machines: nobody counted on a GPU, so nobody is told.
    [Fact]
    public void Judge_NeitherProviderNorDevice_IsExpectedByNobody()
    {
        CudaState state = CudaState.Judge(null, s_none, () => null);
        Assert.False(state.IsUsable);
        Assert.False(state.IsExpected);
    }

    [Fact]
    public void Judge_NoDevice_DoesNotLoadTheProvider() =>
        Assert.False(CudaState.Judge(Provider, s_h200 with { Devices = 0 }, () => throw new InvalidOperationException("loaded")).IsUsable);

    [Fact]
    public void Open_CudaWhereItCannotBeHad_IsAnErrorAndAutoIsNot()
    {
        Assert.SkipWhen(CudaState.Look().IsUsable, "CUDA can be had here");
        ChurnModel model = ModelFile.Encode(RandomModels.Create(1, new ModelShape()), []);
        var fault = Assert.Throws<ChurnConfigException>(() => OnnxModelBackend.Open(model, OnnxDevice.Cuda, _ => { }));
        Assert.Equal(5106, fault.Code.Number);
        Assert.Equal(CudaState.Look().Reason, fault.Actual);
        var warnings = new List<string>();
        using IModelBackend auto = OnnxModelBackend.Open(model, OnnxDevice.Auto, warnings.Add);
        Assert.Equal("onnx", auto.Name);
        Assert.Equal(CudaState.Look().IsExpected ? 1 : 0, warnings.Count);
        using IModelBackend cpu = OnnxModelBackend.Open(model, OnnxDevice.Cpu, _ => throw new InvalidOperationException("warned"));
        Assert.Equal("onnx", cpu.Name);
    }

    /// <summary>On a machine with a GPU and a build with its provider: the same answers as the definition.</summary>
    [Fact]
    public void Predict_OnCuda_EqualsTheWalk()
    {
        Assert.SkipUnless(CudaState.Look().IsUsable, "needs a GPU and a build with -p:Gpu=true");
        foreach ((string name, ModelShape shape) in SampleShapes.All)
        {
            ChurnModel model = RandomModels.Create(7, shape);
            float[] rows = RandomModels.Rows(8, model, 20_000);
            using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows), OnnxDevice.Cuda, _ => { });
            Assert.Equal("onnx-cuda", backend.Name);
            Outputs.Of(new WalkBackend(model), rows).AssertNear(Outputs.Of(backend, rows), 1e-5f, name);
        }
    }
}
