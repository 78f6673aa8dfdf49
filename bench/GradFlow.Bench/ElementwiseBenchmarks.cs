using BenchmarkDotNet.Attributes;
using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>Arithmetic and activations, from what a narrow layer holds to what leaves the second-level cache.</summary>
[InProcess]
[MemoryDiagnoser]
public class ElementwiseBenchmarks
{
    private Tensor _x = null!;
    private Tensor _y = null!;
    private Tensor _into = null!;

    [Params(1 << 10, 1 << 14, 1 << 20)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Draw() => (_x, _y, _into) =
        (Drawn.Normal("x", Size), Drawn.Normal("y", Size), Drawn.Normal("into", Size));

    [Benchmark(Baseline = true)]
    public void Copy() => Kernels.Copy(_x, _into);

    [Benchmark]
    public void Add() => Kernels.Add(_x, _y, _into);

    [Benchmark]
    public void Multiply() => Kernels.Multiply(_x, _y, _into);

    [Benchmark]
    public void Relu() => Kernels.Relu(_x, _into);

    [Benchmark]
    public void Tanh() => Kernels.Tanh(_x, _into);

    [Benchmark]
    public void TanhBackward() => Kernels.TanhBackward(_x, _y, _into);

    [Benchmark]
    public void Sigmoid() => Kernels.Sigmoid(_x, _into);

    [Benchmark]
    public void SgdStep() => Kernels.SgdStepInPlace(_into, _y, 1e-9, 0);
}
