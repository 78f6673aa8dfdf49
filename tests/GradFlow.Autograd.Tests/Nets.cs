using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Small float32 nets that run forward and back on a tape and return their parameters.</summary>
internal static class Nets
{
    private static readonly int[] Labels = [.. Enumerable.Range(0, 16).Select(i => i % 4)];

    public static readonly Func<Tape, IReadOnlyList<Parameter>>[] All = [Plain, Normalised, Residual, Activated];

    public static IReadOnlyList<Parameter> Plain(Tape tape) => Run(tape, (net, x) =>
    {
        for (int layer = 0; layer < 5; layer++) x = Ops.Tanh(net.Affine(x, 16));
        return Ops.CrossEntropy(net.Affine(x, 4), Labels);
    });

    public static IReadOnlyList<Parameter> Normalised(Tape tape) => Run(tape, (net, x) =>
    {
        x = Ops.Relu(Ops.BatchNorm(net.Affine(x, 16), net.Use("gain 1", 16), net.Use("shift 1", 16)));
        x = Ops.Gelu(Ops.LayerNorm(net.Affine(x, 16), net.Use("gain 2", 16), net.Use("shift 2", 16)));
        return Ops.MeanSquaredError(net.Affine(x, 4), Draws.Single("targets", 16, 4));
    });

    public static IReadOnlyList<Parameter> Residual(Tape tape) => Run(tape, (net, x) =>
    {
        x = net.Affine(x, 16);
        for (int block = 0; block < 6; block++) x = x + 0.3 * Ops.Relu(net.Affine(x, 16));
        return Ops.CrossEntropy(net.Affine(x, 4), Labels);
    });

    public static IReadOnlyList<Parameter> Activated(Tape tape) => Run(tape, (net, x) =>
    {
        x = Ops.Sigmoid(net.Affine(x, 16)) * Ops.Sin(net.Affine(x, 16));
        x = Ops.LeakyRelu(net.Affine(Ops.Dropout(x, 0.2, new RandomKey(3, "dropout")), 16));
        return Ops.NllProbabilities(Ops.Softmax(net.Affine(x, 4)), Labels);
    });

    private static IReadOnlyList<Parameter> Run(Tape tape, Func<Net, Variable, Variable> function)
    {
        var net = new Net(tape);
        tape.Backward(function(net, tape.Constant(Draws.Single("data", 16, 8))));
        return net.Parameters;
    }

    private sealed class Net(Tape tape)
    {
        public List<Parameter> Parameters { get; } = [];

        public Variable Affine(Variable x, int outputs) => Ops.Affine(
            x,
            Use($"weight {Parameters.Count}", outputs, x.Shape[1]),
            Use($"bias {Parameters.Count}", outputs));

        public Variable Use(string name, params int[] extents)
        {
            Parameters.Add(Draws.Parameter(name, extents.Length == 2 ? 1 / Math.Sqrt(extents[1]) : 1, extents));
            return tape.Use(Parameters[^1]);
        }
    }
}
