using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// The plain recurrent layer, h_t = φ(W·x_t + b + U·h_{t−1} + b'), as PyTorch's <c>nn.RNN</c> (Elman 1990). The
/// gradient passes U and φ' once per time step. With φ = ReLU and U = 1 at the start it is the IRNN (Le, Jaitly &amp;
/// Hinton 2015). Normalised it is h_t = φ(γ∘â_t + β), â_t = W·x_t + U·h_{t−1} brought to mean 0 and variance 1 over the
/// units (Ba, Kiros &amp; Hinton 2016): states neither die out nor grow, whatever the size of the weights.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="parameters">
/// W [units, in], U [units, units] and biases [units]; as numbers per unit β of modReLU [units], γ and β of
/// normalisation one after the other [2·units], or none.
/// </param>
/// <param name="activation">
/// φ, tanh or ReLU; null for the identity, a linear recurrence, or for modReLU where there are β.
/// </param>
/// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
/// <param name="type">The type as the experiment file names it.</param>
/// <param name="isNormalized">Whether layer normalisation stands before φ.</param>
public sealed class Rnn(
    string name, RecurrentParameters parameters, Activation? activation, int? window = null, string type = "rnn",
    bool isNormalized = false)
    : Recurrent(
        name, type, parameters, window, activation,
        isNormalized ? activation?.Type : Rnn.TypeOf(parameters, activation))
{
    private readonly RecurrentCell _cell = isNormalized
        ? NormalizedCellOf(activation, name)
        : CellOf(parameters, activation, name);

    /// <summary>Whether layer normalisation stands before φ.</summary>
    public bool IsNormalized { get; } = isNormalized;

    private protected override Variable Run(
        Variable x, RecurrentInputs weights, CarriedState? initial, bool keepsLast, TimeSegments? segments) =>
        Ops.Rnn(x, weights, _cell, Window, initial, segments);

    /// <summary>The non-linearity's name in the experiment file; null for none.</summary>
    internal static string? TypeOf(RecurrentParameters? parameters, Activation? activation) =>
        activation is null && parameters?.PerUnit is not null ? "mod-relu" : activation?.Type;

    private static RecurrentCell NormalizedCellOf(Activation? activation, string name) => activation switch
    {
        null => RecurrentCell.NormalizedLinear,
        Tanh => RecurrentCell.NormalizedTanh,
        Relu => RecurrentCell.NormalizedRelu,
        _ => throw new ArgumentException(
            $"'{name}' got the non-linearity '{activation.Type}'; expected tanh, relu or none", nameof(activation)),
    };

    /// <summary>The cell of a non-linearity.</summary>
    internal static RecurrentCell CellOf(RecurrentParameters parameters, Activation? activation, string name) =>
        activation switch
        {
            null when parameters.PerUnit is not null => RecurrentCell.ModRelu,
            null => RecurrentCell.Linear,
            Tanh when parameters.PerUnit is null => RecurrentCell.Tanh,
            Relu when parameters.PerUnit is null => RecurrentCell.Relu,
            _ => throw new ArgumentException(
                $"'{name}' got the non-linearity '{activation.Type}'; expected tanh, relu, none, or none with the β of "
                    + "modReLU", nameof(activation)),
        };
}
