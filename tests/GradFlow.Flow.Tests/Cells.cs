using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

/// <summary>Recurrent layers in float64 whose gradient through time is known.</summary>
internal static class Cells
{
    public static Tensor Draw(string name, double std, params int[] extents)
    {
        Tensor tensor = Tensor.Zeros(new Shape(extents), ElementType.Float64);
        Kernels.FillNormalInPlace(tensor, new RandomKey(5, name), 0, std);
        return tensor;
    }

    public static Tensor Scalar(double value) => Tensor.From([value], 1, 1);

    public static Rnn Rnn(
        Activation? activation, Tensor recurrent, Tensor? weight = null, Tensor? bias = null, int? window = null) =>
        new("rnn-1", Parameters(weight ?? Draw("w", 0.3, recurrent.Shape[0], 3), recurrent, bias), activation, window);

    /// <summary>One unit without weights, whose forget gate has a bias.</summary>
    public static Lstm Lstm(double forgetBias) => new("lstm-1", Parameters(
        Zeros(4, 1), Zeros(4, 1), Tensor.From([0, forgetBias, 0, 0])));

    /// <summary>One unit without weights, whose update gate has a bias.</summary>
    public static Gru Gru(double updateBias) => new("gru-1", Parameters(
        Zeros(3, 1), Zeros(3, 1), Tensor.From([0, updateBias, 0])));

    /// <summary>The sum of the outputs of the last time step.</summary>
    public static Variable LastOutputs(Variable output) => Ops.Sum(Ops.Select(output, 1, output.Shape[1] - 1));

    /// <summary>The gradient's way through time at the first step of a net of one layer.</summary>
    public static TimeProfile Profile(Recurrent layer, Tensor x, Func<Variable, Variable> loss) =>
        Profile(Nets.Chain(layer), x, loss);

    /// <summary>The same of a net with one recurrent layer, reading sequences of several lengths.</summary>
    public static TimeProfile Profile(Module net, Tensor x, Func<Variable, Variable> loss, int[]? lengths = null)
    {
        var watched = new Watched(net, x, lengths: lengths) { Loss = loss };
        return watched.Step(x, rate: 0).ShouldNotBeNull().ThroughTime.ShouldNotBeNull().Single().ShouldNotBeNull();
    }

    private static Tensor Zeros(params int[] extents) => Tensor.Zeros(new Shape(extents), ElementType.Float64);

    private static RecurrentParameters Parameters(Tensor weight, Tensor recurrent, Tensor? bias) => new(
        new Parameter("weight", weight), new Parameter("recurrent-weight", recurrent),
        bias is null ? null : new Parameter("bias", bias));
}
