using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>A layer's parameters, drawn from the seed and their names alone.</summary>
internal static class DrawnParameters
{
    /// <summary>
    /// The weight and, if the layer has one, the bias; by PyTorch's defaults where nothing else is said.
    /// </summary>
    /// <param name="name">The layer's stable name.</param>
    /// <param name="shape">The weight's shape, [out, in] or [out, in, k, …].</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="init">How the weight is drawn.</param>
    /// <param name="bias">How the bias is drawn.</param>
    /// <param name="hasBias">False for a layer without a bias.</param>
    public static (Parameter Weight, Parameter? Bias) Of(
        string name, Shape shape, long seed, Initializer? init, Initializer? bias, bool hasBias)
    {
        Parameter Draw(string role, Shape of, Initializer initializer)
        {
            var parameter = new Parameter($"{name}.{role}", Tensor.Zeros(of));
            initializer.FillInPlace(parameter.Value, new RandomKey(seed, "init", parameter.Name));
            return parameter;
        }
        return (
            Draw("weight", shape, init ?? Initializers.Torch()),
            hasBias ? Draw("bias", new Shape(shape[0]), bias ?? Initializers.TorchBias(shape.Size / shape[0])) : null);
    }
}
