using BenchmarkDotNet.Attributes;
using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>Matrix products as layers use them: forward, back to the input and back to the weight.</summary>
[InProcess]
[MemoryDiagnoser]
public class MatMulBenchmarks
{
    private Tensor _x = null!;
    private Tensor _weight = null!;
    private Tensor _bias = null!;
    private Tensor _y = null!;
    private Tensor _xGradient = null!;
    private Tensor _weightGradient = null!;

    [Params(16, 128)]
    public int Batch { get; set; }

    [Params(32, 73, 128, 400)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        _x = Drawn.Normal("x", Batch, Width);
        _weight = Drawn.Normal("weight", Width, Width);
        _bias = Drawn.Normal("bias", Width);
        _y = Drawn.Normal("y", Batch, Width);
        _xGradient = Tensor.Zeros(_x.Shape);
        _weightGradient = Tensor.Zeros(_weight.Shape);
    }

    [Benchmark]
    public void Affine() => Kernels.Affine(_x, _weight, _bias, _y);

    [Benchmark]
    public void ToInput() => Kernels.MatMul(_y, _weight, _xGradient);

    [Benchmark]
    public void ToWeight() => Kernels.MatMul(_y, _x, _weightGradient, transposeA: true);

    [Benchmark]
    public void OntoWeight() => Kernels.MatMul(_y, _x, _weightGradient, accumulate: true, transposeA: true);
}
