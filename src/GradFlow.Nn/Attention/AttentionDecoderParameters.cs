using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// The trained tensors of an <see cref="AttentionDecoder"/> of so many units, that looks back over m numbers per time
/// step by d scores and writes so many symbols, read as e numbers each.
/// </summary>
/// <param name="Embedding">E, [symbols + 1, e]; the last row is what is read before the first symbol.</param>
/// <param name="KeyWeight">K, [d, m].</param>
/// <param name="QueryWeight">Q, [d, units].</param>
/// <param name="Scores">v, [1, d].</param>
/// <param name="BeginWeight">B, [units, m].</param>
/// <param name="BeginBias">b', [units].</param>
/// <param name="Cell">The gated recurrent unit's: W [3·units, e + m], U [3·units, units], biases [3·units].</param>
/// <param name="OutputWeight">O, [symbols, units + m].</param>
/// <param name="OutputBias">b, [symbols].</param>
public sealed record AttentionDecoderParameters(
    Parameter Embedding, Parameter KeyWeight, Parameter QueryWeight, Parameter Scores, Parameter BeginWeight,
    Parameter BeginBias, RecurrentParameters Cell, Parameter OutputWeight, Parameter OutputBias)
{
    /// <summary>All, in the order in which data pass.</summary>
    public IReadOnlyList<Parameter> All { get; } =
        [KeyWeight, Scores, BeginWeight, BeginBias, QueryWeight, Embedding, .. Cell.All, OutputWeight, OutputBias];
}
