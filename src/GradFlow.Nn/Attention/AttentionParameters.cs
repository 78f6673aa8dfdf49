using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// The trained tensors of an attention layer, as PyTorch's <c>nn.MultiheadAttention</c> has them: those of queries,
/// keys and values one below the other.
/// </summary>
/// <param name="Weight">To queries, keys and values, [3·features, features].</param>
/// <param name="OutWeight">From all heads' values to the output, [features, features].</param>
/// <param name="Bias">Of queries, keys and values, [3·features]; null for none.</param>
/// <param name="OutBias">Of the output, [features]; null for none.</param>
public sealed record AttentionParameters(
    Parameter Weight, Parameter OutWeight, Parameter? Bias = null, Parameter? OutBias = null)
{
    /// <summary>All that are there.</summary>
    public IReadOnlyList<Parameter> All { get; } =
        [.. new[] { Weight, Bias, OutWeight, OutBias }.OfType<Parameter>()];

    /// <summary>
    /// Draws them as PyTorch does: queries, keys and values Xavier-uniform as one weight, the output U(±1/√features),
    /// biases 0. With a gain, Xavier-normal, that of values and output times the gain (Wang et al. 2022, fig. 2).
    /// </summary>
    /// <param name="name">The layer's stable name; the draws are keyed by it.</param>
    /// <param name="features">Features that come in and go out.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="gain">β of DeepNorm; null for PyTorch's default.</param>
    /// <param name="hasBias">False for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">Features are below 1.</exception>
    public static AttentionParameters Create(
        string name, int features, long seed, double? gain = null, bool hasBias = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        var weight = new Parameter($"{name}.weight", Tensor.Zeros(new Shape(3 * features, features)));
        var outWeight = new Parameter($"{name}.out-weight", Tensor.Zeros(new Shape(features, features)));
        if (gain is { } beta)
        {
            string[] parts = ["query", "key", "value"];
            for (int i = 0; i < parts.Length; i++)
                Initializers.XavierNormal(i == 2 ? beta : 1).FillInPlace(
                    weight.Value.Slice(0, i * features, features), Key(seed, $"{weight.Name}.{parts[i]}"));
            Initializers.XavierNormal(beta).FillInPlace(outWeight.Value, Key(seed, outWeight.Name));
        }
        else
        {
            Initializers.XavierUniform().FillInPlace(weight.Value, Key(seed, weight.Name));
            Initializers.Torch().FillInPlace(outWeight.Value, Key(seed, outWeight.Name));
        }
        return new AttentionParameters(
            weight, outWeight,
            hasBias ? new Parameter($"{name}.bias", Tensor.Zeros(new Shape(3 * features))) : null,
            hasBias ? new Parameter($"{name}.out-bias", Tensor.Zeros(new Shape(features))) : null);
    }

    private static RandomKey Key(long seed, string name) => new(seed, "init", name);
}
