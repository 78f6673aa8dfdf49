using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

/// <summary>Small nets with weights drawn by name, in either element type.</summary>
internal static class Nets
{
    public static Sequential Chain(params Module[] modules) => new("net", modules);

    public static Linear Linear(
        string name, int inputs, int outputs, double std = 0.7, ElementType type = ElementType.Float32,
        double biasStd = 0)
    {
        var weight = new Parameter($"{name}.weight", Normal($"{name}.weight", type, std, outputs, inputs));
        return new Linear(name, weight, new Parameter($"{name}.bias", Normal($"{name}.bias", type, biasStd, outputs)));
    }

    /// <summary>Linear layers of one width and constant weights, without a bias.</summary>
    public static Linear Constant(string name, int width, double value) =>
        new(name, new Parameter($"{name}.weight", Tensor.Full(new Shape(width, width), value)), null);

    /// <summary>
    /// Independent normal numbers, drawn in float64 by name, so that both element types get the same.
    /// </summary>
    public static Tensor Normal(string name, ElementType type, double std, params int[] extents)
    {
        Tensor values = Tensor.Zeros(new Shape(extents), ElementType.Float64);
        Kernels.FillNormalInPlace(values, new RandomKey(11, "test", name), 0, std);
        return values.Clone(type);
    }

    /// <summary>A loss that is a random linear function of the output.</summary>
    public static Variable RandomLoss(Variable output)
    {
        Tensor weights = Normal("loss", output.Value.ElementType, 1, [.. output.Shape]);
        return Ops.Sum(Ops.Multiply(output, output.Tape.Constant(weights)));
    }
}
