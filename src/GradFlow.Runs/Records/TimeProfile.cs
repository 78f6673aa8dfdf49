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
/// log10 ‖∂L_τ/∂s_{τ−k}‖ by lag k from 0, in the layer's own time steps, averaged over the last few τ (of a layer with
/// more or fewer steps than the outputs, τ is the latest one that the last output's loss reaches); s is all that the
/// layer hands on from one time step to the next (h, of an LSTM h and c joined). −∞ is an exact zero; null lies beyond
/// the truncation window: cut, not vanished.
/// </param>
/// <param name="WeightDecades">
/// Decades per time step that the recurrent weights add on the way back, averaged over the lags; the three shares sum
/// to that from the first to the last lag. Null where not measured.
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
public sealed record TimeProfile(
    IReadOnlyList<double?> LagNorms,
    double? WeightDecades = null,
    double? ActivationDecades = null,
    double? GateDecades = null,
    IReadOnlyList<double?>? StateRms = null,
    IReadOnlyList<double?>? Slopes = null);
