namespace GradFlow.Runs;

/// <summary>
/// A recurrent layer at one training step: how a late loss's gradient travels back through its states, and how the
/// states move forward.
/// </summary>
/// <remarks>
/// The gradient is that of one late time step's loss L_τ alone. Where a loss stands at every step, the plain ∂L/∂h_t
/// sums all later ones, the near among them, and hides that the far ones have vanished.
/// </remarks>
/// <param name="LagNorms">
/// log10 ‖∂L_τ/∂s_{τ−k}‖ by lag k from 0, in the layer's own time steps, averaged over the last few τ (beyond the
/// earliest one's first time step carried on by what the others add per lag; of a layer with more or fewer steps than
/// the outputs, τ is the latest one that the last output's loss reaches); s is all that the layer hands on from one
/// time step to the next: h, of an LSTM h and c joined, and where connections skip k steps also h of the k − 1 steps
/// before, by way of those behind. Taken of the batch's first four of the longest sequences that the loss stands at,
/// and scaled by √(n/4) to stand for all n of them; of all where outputs aren't one per sequence or time step. −∞ is an
/// exact zero; null lies beyond the truncation window: cut, not vanished. It ends where going further back finds states
/// that are exactly 0 still and pass exactly nothing, as a rectifier's before the first input.
/// </param>
/// <param name="WeightDecades">
/// Decades per time step that the recurrent weights add on the way back, averaged over the lags; the three shares sum
/// to that from the first to the last lag. Null where not measured, and of a plain layer whose connections skip steps:
/// the gradient comes back by several ways, and no product of parts is what they do together. Nor does a normalised
/// layer consist of these parts.
/// </param>
/// <param name="ActivationDecades">
/// The same of the non-linearity's slopes; null where there is none or not measured.
/// </param>
/// <param name="GateDecades">
/// The same of the gate that carries the state on (forget gate of an LSTM, update gate of a GRU); of a gated layer,
/// <paramref name="WeightDecades"/> is what the ways through the weights add to it. Null without gates.
/// </param>
/// <param name="StateRms">Root mean square of h_t per time step t from 0.</param>
/// <param name="Slopes">Root mean square of φ'(a_t) per time step, φ being the non-linearity; null where gated.</param>
/// <param name="Lyapunov">
/// The top Lyapunov exponent of the map from one state to the next along the real states, in natural logs per time
/// step: ln of the factor by which a small difference of the state grows in a typical step. Above 0 small differences
/// grow (chaos), below 0 they die out. −∞ is a map that loses all of them. Averaged over the batch's first two
/// sequences (of the longest), of more than 200 steps the first alone, without the first quarter. Null where not
/// measured.
/// </param>
/// <param name="Gates">How far the gates are open, by gate; null without gates or where not measured.</param>
/// <param name="Spectrum">
/// Of the recurrent matrix, where connections skip steps of all their states together; taken only every so often, null
/// elsewhere.
/// </param>
/// <param name="Jacobians">
/// Singular values of ∂s_t/∂s_{t−1} of the batch's first sequence (of the longest) at some time steps; taken with
/// <paramref name="Spectrum"/>, null elsewhere.
/// </param>
public sealed record TimeProfile(
    IReadOnlyList<double?> LagNorms,
    double? WeightDecades = null,
    double? ActivationDecades = null,
    double? GateDecades = null,
    IReadOnlyList<double?>? StateRms = null,
    IReadOnlyList<double?>? Slopes = null,
    double? Lyapunov = null,
    IReadOnlyList<GateStatistics>? Gates = null,
    RecurrentSpectrum? Spectrum = null,
    IReadOnlyList<JacobianSpectrum>? Jacobians = null);

/// <summary>
/// How far a gate is open, over samples, time steps and units. Shares as in Karpathy, Johnson and Fei-Fei (2016).
/// </summary>
/// <param name="Gate"><c>input</c>, <c>forget</c>, <c>output</c>, <c>reset</c> or <c>update</c>.</param>
/// <param name="Mean">The mean, 0 (closed) to 1 (open).</param>
/// <param name="ClosedShare">The share below 0.1.</param>
/// <param name="OpenShare">The share above 0.9.</param>
public sealed record GateStatistics(string Gate, double Mean, double ClosedShare, double OpenShare);

/// <summary>
/// Eigenvalues of the matrix that meets the state again at every time step: U of a plain layer, (1 − α)∘I + α∘U of
/// leaky units, λ of a complex diagonal; of a layer with gates the candidate's block of U (U_g of an LSTM, U_n of a
/// GRU), since the others only say how far gates open.
/// </summary>
/// <param name="Real">Real parts.</param>
/// <param name="Imaginary">Imaginary parts, likewise.</param>
/// <param name="Radius">The spectral radius, the largest |eigenvalue|: what happens in the long run.</param>
/// <param name="Norm">The largest singular value: the most that can happen in one step.</param>
public sealed record RecurrentSpectrum(
    IReadOnlyList<double> Real, IReadOnlyList<double> Imaginary, double Radius, double Norm);

/// <summary>Singular values of the Jacobian ∂s_t/∂s_{t−1} at one time step.</summary>
/// <param name="TimeStep">t, from 1.</param>
/// <param name="SingularValues">
/// Five of them: the largest, the one that a tenth are above, the median, the one that a tenth are below, the smallest.
/// </param>
public sealed record JacobianSpectrum(int TimeStep, IReadOnlyList<double> SingularValues);
