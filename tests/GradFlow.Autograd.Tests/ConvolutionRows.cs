using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>The rows of <see cref="OpTable"/> for what slides over images and sequences.</summary>
internal static class ConvolutionRows
{
    private static readonly Window Dense = new(3, Padding: 1);

    public static readonly IReadOnlyList<OpCase> All =
    [
        Convolve([2, 3, 5, 6], [4, 3, 3, 3], new Convolution(Dense, Dense)),
        Convolve([2, 3, 5, 6], [4, 3, 3, 3], new Convolution(new Window(3), new Window(3)), hasBias: false),
        Convolve([2, 3, 7, 6], [2, 3, 3, 3], new Convolution(Dense with { Stride = 2 }, Dense with { Stride = 2 })),
        Convolve([1, 2, 7, 8], [3, 2, 3, 2], new Convolution(new Window(3, 3, 2, 2), new Window(2, 2, 1, 3))),
        Convolve([2, 2, 4, 5], [3, 2, 3, 3], new Convolution(Dense, Dense, isCircular: true)),
        Convolve(
            [1, 2, 5, 6], [3, 2, 3, 3],
            new Convolution(new Window(3, 2, 4, 2), new Window(3, 2, 1), isCircular: true)),
        Convolve([2, 6, 4, 4], [4, 3, 3, 3], new Convolution(Dense, Dense, groups: 2)),
        Convolve([2, 3, 5, 5], [3, 1, 3, 3], new Convolution(Dense with { Stride = 2 }, Dense, groups: 3)),
        Convolve([3, 2, 3, 3], [5, 2, 1, 1], new Convolution(Window.Single, new Window(1, Stride: 2))),
        Convolve([1, 1, 2, 2], [1, 1, 2, 2], new Convolution(new Window(2), new Window(2))),
        Convolve([0, 2, 4, 4], [3, 2, 3, 3], new Convolution(Dense, Dense)),
        Convolve([2, 3, 9], [4, 3, 3], new Convolution(Window.Single, Dense)),
        Convolve([2, 4, 9], [2, 2, 4], new Convolution(
            Window.Single, new Window(4, 2, 3, 2), groups: 2, isCircular: true)),
        Pool(nameof(Ops.MaxPool), Ops.MaxPool, [2, 3, 6, 5], new Window(2, 2), new Window(2, 2)),
        Pool(nameof(Ops.MaxPool), Ops.MaxPool, [2, 2, 5, 6], new Window(3, 2, 1), new Window(2, 1, 1, 2)),
        Pool(nameof(Ops.MaxPool), Ops.MaxPool, [2, 3, 7], Window.Single, new Window(3, 2)),
        Pool(nameof(Ops.AveragePool), Ops.AveragePool, [2, 3, 6, 5], new Window(2, 2), new Window(2, 2)),
        Pool(nameof(Ops.AveragePool), Ops.AveragePool, [2, 2, 5, 6], new Window(3, 2, 1), new Window(2, 1, 1, 2)),
        Pool(nameof(Ops.AveragePool), Ops.AveragePool, [2, 3, 4, 5], new Window(4), new Window(5)),
        Pool(nameof(Ops.AveragePool), Ops.AveragePool, [2, 3, 7], Window.Single, new Window(3, 2)),
    ];

    private static OpCase Convolve(int[] x, int[] weight, Convolution how, bool hasBias = true) => OpTable.Row(
        nameof(Ops.Convolve), (_, v) => Ops.Convolve(v[0], v[1], hasBias ? v[2] : null, how),
        hasBias ? [x, weight, [weight[0]]] : [x, weight]);

    private static OpCase Pool(
        string op, Func<Variable, Window, Window, Variable> pool, int[] x, Window rows, Window columns) =>
        OpTable.Row(op, (_, v) => pool(v[0], rows, columns), x);
}
