using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Leaky units, h_t = (1 − α)∘h_{t−1} + α∘φ(W·x_t + b + U·h_{t−1} + b') (El Hihi &amp; Bengio 1996; Jaeger et al.
/// 2007). Each unit has a leak α = 1/τ of its own; the gradient keeps 1 − α per time step whatever the weights do.
/// </summary>
/// <remarks>
/// Trained leaks are α = 1/(1 + eʷ), so that τ = 1 + eʷ stays above 1 whatever step w takes.
/// </remarks>
public sealed class LeakyRnn : Recurrent
{
    private readonly RecurrentCell _cell;
    private readonly Tensor? _leak;

    /// <summary>Takes its parameters.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="parameters">
    /// W [units, in], U [units, units] and biases [units]; w [units] as numbers per unit, where leaks are trained.
    /// </param>
    /// <param name="activation">φ, tanh or ReLU; null for the identity.</param>
    /// <param name="leak">α of each unit, above 0 and up to 1, [units]; null where leaks are trained.</param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    /// <exception cref="ArgumentException">
    /// Another non-linearity, leaks both fixed and trained or neither, or fixed ones out of range.
    /// </exception>
    public LeakyRnn(
        string name, RecurrentParameters parameters, Activation? activation, Tensor? leak = null, int? window = null)
        : base(
            name, "leaky-rnn", parameters, window, activation,
            buffers: leak is null ? null : [($"{name}.leak", leak)])
    {
        _cell = activation switch
        {
            null => RecurrentCell.LeakyLinear,
            Tanh => RecurrentCell.LeakyTanh,
            Relu => RecurrentCell.LeakyRelu,
            _ => throw new ArgumentException(
                $"'{name}' got the non-linearity '{activation.Type}'; expected tanh, relu or none", nameof(activation)),
        };
        if (leak is null == parameters.PerUnit is null)
            throw new ArgumentException($"'{name}' needs leaks, either fixed or trained", nameof(leak));
        if (leak is not null && (leak.Shape != new Shape(Units) || leak.ToDoubles().Any(a => !(a > 0 && a <= 1))))
            throw new ArgumentException($"'{name}' got leaks out of range; expected {Units} above 0 and up to 1");
        _leak = leak;
    }

    /// <summary>τ = 1/α of each unit as it is now, in time steps.</summary>
    public double[] TimeConstants() => _leak is { } leak
        ? [.. leak.ToDoubles().Select(alpha => 1 / alpha)]
        : [.. Parameters.PerUnit!.Value.ToDoubles().Select(w => 1 + Math.Exp(w))];

    private protected override Variable Run(
        Variable x, RecurrentInputs weights, CarriedState? initial, bool keepsLast, TimeSegments? segments) =>
        Ops.LeakyRnn(
            x, weights with
            {
                PerUnit = _leak is { } leak ? x.Tape.Constant(leak) : Ops.Sigmoid(Ops.Scale(weights.PerUnit!, -1)),
            },
            _cell, Window, initial, segments);
}
