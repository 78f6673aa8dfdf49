using GradFlow.Tensors;
using Function = System.Func<GradFlow.Autograd.Tape,
    System.Collections.Generic.IReadOnlyList<GradFlow.Autograd.Variable>, GradFlow.Autograd.Variable>;

namespace GradFlow.Autograd.Tests;

/// <summary>Every op with shapes to check its derivative on. A public op without a row fails a test.</summary>
internal static class OpTable
{
    private static readonly int[] Labels = [2, 0, 3, 2];
    private static readonly int[] LabelsWithGaps = [2, -1, 3, -1];
    private static readonly Tensor Targets = Draws.Twofold("targets", 4, 5);
    private static readonly Tensor TargetsWithGaps = WithGaps(Targets);

    private static readonly int[][][] Broadcasts =
    [
        [[], []], [[7], [7]], [[4, 5], [5]], [[5], [4, 5]], [[4, 1], [1, 5]], [[4, 5], [4, 1]], [[2, 3, 4], [3, 1]],
        [[1], []], [[1, 1], [2, 3]], [[0, 3], [3]],
    ];

    private static readonly int[][][] Anywhere = [[[]], [[1]], [[19]], [[3, 5]], [[2, 3, 4]], [[0, 2]]];

    public static readonly IReadOnlyList<OpCase> Rows =
    [
        .. Pair(nameof(Ops.Add), Ops.Add),
        .. Pair(nameof(Ops.Subtract), Ops.Subtract),
        .. Pair(nameof(Ops.Multiply), Ops.Multiply),
        .. Pair(nameof(Ops.Divide), Ops.Divide, AwayFromZero),
        .. Single(nameof(Ops.Scale), x => Ops.Scale(x, -1.7)),
        .. Single(nameof(Ops.Sigmoid), Ops.Sigmoid),
        .. Single(nameof(Ops.Tanh), Ops.Tanh),
        .. Single(nameof(Ops.Exp), Ops.Exp),
        .. Single(nameof(Ops.Sin), Ops.Sin),
        .. Single(nameof(Ops.Gelu), Ops.Gelu),
        .. Single(nameof(Ops.Relu), Ops.Relu, AwayFromZero),
        .. Single(nameof(Ops.LeakyRelu), x => Ops.LeakyRelu(x, 0.2), AwayFromZero),
        .. Single(nameof(Ops.Elu), x => Ops.Elu(x, 1.5), AwayFromZero),
        .. Single(nameof(Ops.Selu), Ops.Selu, AwayFromZero),
        .. Single(nameof(Ops.Silu), Ops.Silu),
        .. Single(nameof(Ops.GeluTanh), Ops.GeluTanh),
        .. Single(nameof(Ops.Softplus), x => Ops.Softplus(x, 2.5)),
        .. Single(nameof(Ops.Softsign), Ops.Softsign),
        .. Single(nameof(Ops.HardTanh), x => Ops.HardTanh(x), x => x * (Math.Abs(x) < 1 ? 0.8 : 1.3)),
        .. Single(nameof(Ops.Relu6), Ops.Relu6, x => AwayFromZero(x) * (Math.Abs(x) < 1 ? 4 : 10)),
        .. Single(nameof(Ops.Rrelu), x => Ops.Rrelu(x, 0.1, 0.9, new RandomKey(1, "rrelu")), AwayFromZero),
        .. new int[][][] { [[], []], [[7], [1]], [[4, 5], [5]], [[4, 5], [1]], [[2, 3, 4], [3, 1]], [[0, 3], [3]] }
            .Select(shapes => new OpCase(nameof(Ops.Prelu), shapes, (_, x) => Ops.Prelu(x[0], x[1]), AwayFromZero)),
        Row(nameof(Ops.Embedding), (_, x) => Ops.Embedding(x[0], [2, 0, 2, 4]), [5, 3]),
        Row(nameof(Ops.Embedding), (_, x) => Ops.Embedding(x[0], []), [5, 3]),
        Row(nameof(Ops.Maxout), (_, x) => Ops.Maxout(x[0], 3), [4, 6]),
        Row(nameof(Ops.Maxout), (_, x) => Ops.Maxout(x[0], 2, 1), [2, 6, 3]),
        Row(nameof(Ops.Maxout), (_, x) => Ops.Maxout(x[0], 1), [4]),
        .. Single(nameof(Ops.Abs), Ops.Abs, AwayFromZero),
        .. Single(nameof(Ops.Log), Ops.Log, Positive),
        .. Single(nameof(Ops.Dropout), x => Ops.Dropout(x, 0.4, new RandomKey(1, "dropout"))),
        .. Single(nameof(Ops.Sum), Ops.Sum),
        Row(nameof(Ops.Mean), (_, x) => Ops.Mean(x[0]), [4, 5]),
        Row(nameof(Ops.Reshape), (_, x) => Ops.Reshape(x[0], new Shape(2, 10)), [4, 5]),
        Row(nameof(Ops.Reshape), (_, x) => Ops.Reshape(x[0], new Shape()), [1, 1]),
        .. Single(nameof(Ops.Identity), Ops.Identity),
        Row(nameof(Ops.Select), (_, x) => Ops.Select(x[0], 1, 2), [4, 3, 5]),
        Row(nameof(Ops.Select), (_, x) => Ops.Select(x[0], -1, 0), [4, 3]),
        Row(nameof(Ops.Select), (_, x) => Ops.Select(x[0], 0, 1) * Ops.Select(x[0], 0, 2) * Ops.Select(
            x[0], 0, 1), [4, 3]),
        Row(nameof(Ops.Slice), (_, x) => Ops.Slice(x[0], 1, 1, 3), [3, 4]),
        Row(nameof(Ops.Slice), (_, x) => Ops.Slice(x[0], 0, 0, 2) * Ops.Slice(x[0], 0, 1, 2), [3, 4]),
        Row(nameof(Ops.Slice), (_, x) => Ops.Slice(x[0], 0, 1, 0), [3, 4]),
        Row(nameof(Ops.Stack), (_, x) => Ops.Stack(x, 1), [3, 4], [3, 4], [3, 4]),
        Row(nameof(Ops.Stack), (_, x) => Ops.Stack([x[0], x[0]], 0), [3, 4]),
        Row(nameof(Ops.Stack), (_, x) => Ops.Stack(x, 2), [3, 4], [3, 4]),
        Row(nameof(Ops.Transpose), (_, x) => Ops.Transpose(x[0]), [4, 5]),
        Row(nameof(Ops.Transpose), (_, x) => Ops.Transpose(x[0]), [2, 3, 4]),
        .. new (int M, int K, int N)[] { (1, 1, 1), (3, 4, 5), (5, 1, 3), (2, 0, 3), (9, 17, 18) }
            .Select(s => Row(nameof(Ops.MatMul), (_, x) => Ops.MatMul(x[0], x[1]), [s.M, s.K], [s.K, s.N])),
        Row(nameof(Ops.Affine), (_, x) => Ops.Affine(x[0], x[1], x[2]), [4, 3], [5, 3], [5]),
        Row(nameof(Ops.Affine), (_, x) => Ops.Affine(x[0], x[1], x[2]), [1, 1], [1, 1], [1]),
        Row(nameof(Ops.Affine), (_, x) => Ops.Affine(x[0], x[1], null), [4, 3], [5, 3]),
        Row(nameof(Ops.AdditiveAttention), (_, x) => Ops.AdditiveAttention(x[0], x[1], x[2], x[3]),
            [3, 5], [3, 4, 5], [5], [3, 4, 2]),
        Row(nameof(Ops.AdditiveAttention), (_, x) => Ops.AdditiveAttention(
            x[0], x[1], x[2], x[3], (int[])[4, 1, 3]), [3, 5], [3, 4, 5], [5], [3, 4, 2]),
        Row(nameof(Ops.Affine), (_, x) => Ops.Affine(x[0], x[1], x[2]), [2, 4, 3], [5, 3], [5]),
        Row(nameof(Ops.BatchNorm), (_, x) => Ops.BatchNorm(x[0], x[1], x[2]), [6, 3], [3], [3]),
        Row(nameof(Ops.BatchNorm), (_, x) => Ops.BatchNorm(x[0], x[1], x[2], 0.1), [3, 9], [9], [9]),
        Row(nameof(Ops.BatchNorm), (_, x) => Ops.BatchNorm(x[0], x[1], x[2]), [3, 2, 4], [2], [2]),
        Row(nameof(Ops.BatchNorm), (_, x) => Ops.BatchNorm(x[0], x[1], x[2], 0.1), [2, 3, 3, 5], [3], [3]),
        Row(nameof(Ops.GroupNorm), (_, x) => Ops.GroupNorm(x[0], 2, x[1], x[2]), [3, 8], [8], [8]),
        Row(nameof(Ops.GroupNorm), (_, x) => Ops.GroupNorm(x[0], 3, x[1], x[2]), [2, 3, 7], [3], [3]),
        Row(nameof(Ops.GroupNorm), (_, x) => Ops.GroupNorm(x[0], 2, x[1], x[2], 0.1), [1, 4, 2, 3], [4], [4]),
        Row(nameof(Ops.RmsNorm), (_, x) => Ops.RmsNorm(x[0], x[1]), [3, 6], [6]),
        Row(nameof(Ops.RmsNorm), (_, x) => Ops.RmsNorm(x[0], x[1], 0.1), [1, 9], [9]),
        Row(nameof(Ops.WeightNorm), (_, x) => Ops.WeightNorm(x[0], x[1]), [4, 5], [4]),
        Row(nameof(Ops.WeightNorm), (_, x) => Ops.WeightNorm(x[0], x[1]), [2, 3, 1, 2], [2]),
        Row(nameof(Ops.Concatenate), (_, x) => Ops.Concatenate(x, 1), [3, 4], [3, 2], [3, 0]),
        Row(nameof(Ops.Concatenate), (_, x) => Ops.Concatenate([x[0], x[1], x[0]], 1), [2, 1, 3, 2], [2, 2, 3, 2]),
        Row(nameof(Ops.LayerNorm), (_, x) => Ops.LayerNorm(x[0], x[1], x[2]), [3, 6], [6], [6]),
        Row(nameof(Ops.LayerNorm), (_, x) => Ops.LayerNorm(x[0], x[1], x[2], 0.1), [1, 9], [9], [9]),
        .. RecurrentRows.All,
        Row(nameof(Ops.SelectEach), (_, x) => Ops.SelectEach(x[0], new[] { 2, 0, 3 }), [3, 4, 2]),
        Row(nameof(Ops.SelectEach), (_, x) =>
            Ops.SelectEach(x[0], new[] { 1, 0 }) * Ops.SelectEach(x[0], new[] { 1, 1 }), [2, 2, 3]),
        Row(nameof(Ops.ReverseSteps), (_, x) => Ops.ReverseSteps(x[0]), [3, 4, 2]),
        Row(nameof(Ops.ReverseSteps), (_, x) => Ops.ReverseSteps(x[0], new[] { 2, 4, 0 }), [3, 4, 2]),
        .. new[] { 1, 2, 5 }.Select(n => Row(nameof(Ops.Orthogonal), (_, x) =>
            Ops.Orthogonal(x[0], Draws.Twofold("start", n, n)), [n, n])),
        Row(nameof(Ops.Softmax), (_, x) => Ops.Softmax(x[0]), [4, 5]),
        Row(nameof(Ops.Softmax), (_, x) => Ops.Softmax(x[0]), [2, 1]),
        Row(nameof(Ops.CrossEntropy), (_, x) => Ops.CrossEntropy(x[0], Labels), [4, 5]),
        Row(nameof(Ops.BinaryCrossEntropy), (_, x) => Ops.BinaryCrossEntropy(x[0], Targets), [4, 5]),
        Row(nameof(Ops.MeanSquaredError), (_, x) => Ops.MeanSquaredError(x[0], Targets), [4, 5]),
        Row(nameof(Ops.NllProbabilities), (_, x) =>
            Ops.NllProbabilities(x[0], Labels), [4, 5]) with { Domain = Positive },
        Row(nameof(Ops.CrossEntropy), (_, x) => Ops.CrossEntropy(x[0], LabelsWithGaps), [4, 5]),
        Row(nameof(Ops.BinaryCrossEntropy), (_, x) => Ops.BinaryCrossEntropy(x[0], TargetsWithGaps), [4, 5]),
        Row(nameof(Ops.MeanSquaredError), (_, x) => Ops.MeanSquaredError(x[0], TargetsWithGaps), [4, 5]),
        Row(nameof(Ops.NllProbabilities), (_, x) =>
            Ops.NllProbabilities(x[0], LabelsWithGaps), [4, 5]) with { Domain = Positive },
        .. ConvolutionRows.All,
        .. AttentionRows.All,
    ];

    private static Tensor WithGaps(Tensor targets)
    {
        Tensor copy = targets.Clone();
        copy[0, 1] = copy[2, 3] = copy[3, 4] = double.NaN;
        return copy;
    }

    private static IEnumerable<OpCase> Pair(
        string op, Func<Variable, Variable, Variable> function, Func<double, double>? domain = null) =>
        Broadcasts.Select(shapes => new OpCase(op, shapes, (_, x) => function(x[0], x[1]), domain));

    private static IEnumerable<OpCase> Single(
        string op, Func<Variable, Variable> function, Func<double, double>? domain = null) =>
        Anywhere.Select(shapes => new OpCase(op, shapes, (_, x) => function(x[0]), domain));

    internal static OpCase Row(string op, Function function, params int[][] shapes) => new(op, shapes, function, null);

    private static double AwayFromZero(double x) => x + Math.CopySign(0.3, x);

    private static double Positive(double x) => Math.Abs(x) + 0.3;
}

/// <summary>One row: an op, the shapes of its inputs, and where its inputs may lie (anywhere if null).</summary>
internal sealed record OpCase(string Op, int[][] Shapes, Function Function, Func<double, double>? Domain)
{
    public Tensor[] Inputs() => [.. Shapes.Select((extents, i) =>
    {
        Tensor x = Draws.Twofold($"{Op} {i}", extents);
        Span<double> values = x.AsSpan<double>();
        if (Domain is not null) foreach (ref double value in values) value = Domain(value);
        return x;
    })];

    public override string ToString() => $"{Op} of {string.Join(" and ", Shapes.Select(s => new Shape(s)))}";
}
