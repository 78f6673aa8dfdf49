using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// The linear recurrent unit (Orvieto et al. 2023): s_t = λ∘s_{t−1} + γ∘(B·x_t) in complex numbers that don't mix, and
/// y_t = Re(C·s_t) + D·x_t. λ = exp(−exp ν + i·exp θ) lies inside of the unit circle whatever step ν and θ take, so
/// that the gradient keeps |λ| per time step and can't explode.
/// </summary>
public sealed class Lru : Recurrent
{
    private readonly LruParameters _parameters;

    /// <summary>Takes its parameters.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    public Lru(string name, LruParameters parameters, int? window = null)
        : base(
            name, "lru", (parameters ?? throw new ArgumentNullException(nameof(parameters))).Recurrent, window,
            others: [parameters.Output, parameters.Direct]) => _parameters = parameters;

    private protected override Variable Run(
        Variable x, RecurrentInputs weights, CarriedState? initial, bool keepsLast, TimeSegments? segments)
    {
        Tape tape = x.Tape;
        Variable gain = Ops.Exp(weights.PerUnit!);
        Variable both = Ops.Reshape(Ops.Concatenate([gain, gain], 0), new Shape(2 * Units, 1));
        Variable states = Ops.ComplexDiagonal(
            x, weights.Weight * both, Eigenvalues(weights.RecurrentWeight), Window, initial,
            segments is null ? null : segments with { IsLastAlone = false });
        return Rows.Map(states, s => Ops.Affine(s, tape.Use(_parameters.Output), null))
            + Rows.Map(x, rows => Ops.Affine(rows, tape.Use(_parameters.Direct), null));
    }

    /// <summary>λ, real parts before imaginary ones.</summary>
    private static Variable Eigenvalues(Variable logs)
    {
        Variable radius = Ops.Exp(Ops.Scale(Ops.Exp(Ops.Select(logs, 0, 0)), -1));
        Variable angle = Ops.Exp(Ops.Select(logs, 0, 1));
        Variable quarter = logs.Tape.Constant(Tensor.Full(new Shape(1), Math.PI / 2, logs.Value.ElementType));
        return Ops.Concatenate([radius * Ops.Sin(angle + quarter), radius * Ops.Sin(angle)], 0);
    }
}

/// <summary>The trained tensors of a linear recurrent unit.</summary>
/// <param name="Recurrent">
/// B, its real parts above its imaginary ones, [2·states, in]; in place of U the logs of −ln|λ| and of λ's angle, ν and
/// θ, [2, states]; ln γ [states] as numbers per unit; no biases.
/// </param>
/// <param name="Output">C, its real parts beside the negative of its imaginary ones, [out, 2·states].</param>
/// <param name="Direct">D, [out, in].</param>
public sealed record LruParameters(RecurrentParameters Recurrent, Parameter Output, Parameter Direct)
{
    /// <summary>
    /// Draws ν, θ and ln γ, so that λ is uniform on a ring of the complex plane and each state begins with a variance
    /// that doesn't grow with its memory: |λ|² is uniform between both radii squared, γ = √(1 − |λ|²).
    /// </summary>
    /// <param name="logs">Takes ν and θ, [2, states].</param>
    /// <param name="gain">Takes ln γ, [states].</param>
    /// <param name="ring">The inner and the outer radius, 0 to 1, and the largest angle, up to 2π.</param>
    /// <param name="key">Keys the draws.</param>
    /// <exception cref="ArgumentOutOfRangeException">Radii or angle out of range.</exception>
    public static void DrawRing(
        Tensor logs, Tensor gain, (double Inner, double Outer, double Phase) ring, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(logs);
        ArgumentNullException.ThrowIfNull(gain);
        if (!(ring.Inner >= 0 && ring.Inner < ring.Outer && ring.Outer < 1 && ring.Phase is > 0 and <= 2 * Math.PI))
            throw new ArgumentOutOfRangeException(
                nameof(ring), ring, "expected 0 ≤ inner radius < outer radius < 1 and an angle above 0 and up to 2π");
        int states = gain.Shape.Size;
        var draws = Tensor.Zeros(new Shape(2, states), ElementType.Float64);
        Kernels.FillUniformInPlace(draws, key, 0, 1);
        double inner = ring.Inner * ring.Inner, outer = ring.Outer * ring.Outer;
        for (int i = 0; i < states; i++)
        {
            // A radius or an angle of exactly 0 has no log.
            double squared = Math.Max(1e-12, inner + draws[0, i] * (outer - inner));
            logs[0, i] = Math.Log(-0.5 * Math.Log(squared));
            logs[1, i] = Math.Log(Math.Max(1e-12, draws[1, i] * ring.Phase));
            gain[i] = 0.5 * Math.Log(1 - squared);
        }
    }
}
