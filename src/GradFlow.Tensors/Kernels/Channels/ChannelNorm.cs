namespace GradFlow.Tensors;

/// <summary>What one batch normalisation does to a channel's numbers: γ·(x − μ)·σ⁻¹ + β (Ioffe &amp; Szegedy 2015).</summary>
/// <param name="Mean">μ, [c].</param>
/// <param name="InverseStd">σ⁻¹ = (variance + ε)^(−½), [c].</param>
/// <param name="Gain">γ, [c].</param>
/// <param name="Shift">β, [c].</param>
public sealed record ChannelNorm(Tensor Mean, Tensor InverseStd, Tensor Gain, Tensor Shift);
