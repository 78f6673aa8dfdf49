using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>A layer whose output is linear in its weight, such as <see cref="Linear"/> and the convolutions.</summary>
public interface IWeightLayer
{
    /// <summary>W [out, in] or [out, in, k, …]; the directions v where it is normalised.</summary>
    Parameter Weight { get; }

    /// <summary>
    /// g [out], the lengths of a normalised weight (Salimans &amp; Kingma 2016); null for a weight as it stands.
    /// </summary>
    Parameter? WeightScale { get; }

    /// <summary>b [out]; null for none.</summary>
    Parameter? Bias { get; }

    /// <summary>
    /// The scale with which a normalised weight starts as it was drawn: g = ‖v‖ per output unit or channel, under the
    /// weight's name with <c>-scale</c> behind it.
    /// </summary>
    /// <param name="weight">v [out, …]; no unit's may be 0.</param>
    /// <exception cref="ArgumentException">A unit's weights are all 0, so that they have no direction.</exception>
    static Parameter WeightScaleOf(Parameter weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var scale = new Parameter(
            $"{weight.Name}-scale", Tensor.Zeros(new Shape(weight.Value.Shape[0]), weight.Value.ElementType));
        Kernels.RowNorms(weight.Value, scale.Value);
        return scale.Value.ToDoubles().Contains(0)
            ? throw new ArgumentException(
                $"{weight.Name} has a unit whose weights are all 0, so no direction; expected other initial weights",
                nameof(weight))
            : scale;
    }
}

/// <summary>What layers of weights have in common.</summary>
internal static class WeightLayers
{
    /// <summary>The weight that the layer works with.</summary>
    public static Variable WeightOn(this IWeightLayer layer, Tape tape) => layer.WeightScale is { } scale
        ? Ops.WeightNorm(tape.Use(layer.Weight), tape.Use(scale))
        : tape.Use(layer.Weight);

    /// <summary>The layer's parameters, in the order in which PyTorch's have them.</summary>
    public static IReadOnlyList<Parameter> Parameters(this IWeightLayer layer) =>
        [.. new[] { layer.Weight, layer.WeightScale, layer.Bias }.OfType<Parameter>()];
}
