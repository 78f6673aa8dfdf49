using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A plain recurrent layer whose U stays orthogonal whatever training does, U = Q·exp(L − Lᵀ) (Lezcano-Casado &amp;
/// Martínez-Rubio 2019; PyTorch's <c>parametrizations.orthogonal</c>): the gradient passes U without growing or
/// shrinking, so that φ' alone decides.
/// </summary>
public sealed class OrthogonalRnn : Recurrent
{
    private readonly RecurrentCell _cell;

    /// <summary>Takes its parameters.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="parameters">
    /// W [units, in] and biases [units]; in place of U the numbers M [units, units], of which L is what lies below the
    /// diagonal; β of modReLU [units] as numbers per unit, or none.
    /// </param>
    /// <param name="start">Q, U at M = 0, orthogonal, [units, units].</param>
    /// <param name="activation">φ, tanh or ReLU; null for the identity, or modReLU where there are β.</param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    /// <exception cref="ArgumentException">Another non-linearity, or a Q of another shape.</exception>
    public OrthogonalRnn(
        string name, RecurrentParameters parameters, Tensor start, Activation? activation, int? window = null)
        : base(
            name, "orthogonal-rnn", parameters, window, activation, Rnn.TypeOf(parameters, activation),
            [($"{name}.start", start)])
    {
        ArgumentNullException.ThrowIfNull(start);
        if (start.Shape != parameters.RecurrentWeight.Value.Shape)
            throw new ArgumentException($"'{name}' starts with {start.Shape}; expected {new Shape(Units, Units)}");
        Start = start;
        _cell = Rnn.CellOf(parameters, activation, name);
    }

    /// <summary>Q, U at M = 0.</summary>
    public Tensor Start { get; }

    /// <summary>U as it is now, [units, units].</summary>
    public Tensor RecurrentMatrix()
    {
        using var tape = new Tape { IsRecording = false };
        return Ops.Orthogonal(tape.Use(Parameters.RecurrentWeight), Start).Value.Clone();
    }

    private protected override Variable Run(
        Variable x, RecurrentInputs weights, CarriedState? initial, bool keepsLast, TimeSegments? segments) =>
        Ops.Rnn(
            x, weights with { RecurrentWeight = Ops.Orthogonal(weights.RecurrentWeight, Start) }, _cell, Window,
            initial, segments);
}
