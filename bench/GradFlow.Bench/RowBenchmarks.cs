using BenchmarkDotNet.Attributes;
using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>What is computed over the rows or columns of a batch: sums, softmax and normalisation.</summary>
[InProcess]
[MemoryDiagnoser]
public class RowBenchmarks
{
    private Tensor _x = null!;
    private Tensor _into = null!;
    private Tensor _perColumn = null!;
    private Tensor _otherPerColumn = null!;
    private Tensor _perRow = null!;

    [Params(16, 128)]
    public int Batch { get; set; }

    [Params(10, 128, 1000)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        (_x, _into) = (Drawn.Normal("x", Batch, Width), Drawn.Normal("into", Batch, Width));
        (_perColumn, _otherPerColumn) = (Drawn.Normal("mean", Width), Drawn.Normal("std", Width));
        _perRow = Drawn.Normal("row", Batch);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => Kernels.Copy(_x, _into);

    [Benchmark]
    public void SumOverBatch() => Kernels.SumTo(_x, _perColumn);

    [Benchmark]
    public void Softmax() => Kernels.Softmax(_x, _into);

    [Benchmark]
    public void NormalizeColumns() => Kernels.NormalizeColumns(_x, 1e-5, _into, _perColumn, _otherPerColumn);

    [Benchmark]
    public void NormalizeRows() => Kernels.NormalizeRows(_x, 1e-5, _into, _perRow);
}
