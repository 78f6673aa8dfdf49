namespace GradFlow.Theory;

/// <summary>The weight scale at which a net of one nonlinearity carries gradients unchanged on average.</summary>
/// <param name="SigmaW">
/// σw with χ = 1; weights of variance σw²/fan-in. √2 for ReLU, 1 for tanh, 10.15 for sigmoid.
/// </param>
/// <param name="Variance">q*, the pre-activation variance there; NaN where it doesn't matter (homogeneous φ).</param>
/// <param name="SaturatedShare">
/// P(|φ'(u)| &lt; 5 % of the largest slope), u ~ N(0, q*). A rectifier's silent half counts.
/// </param>
/// <param name="IsUsable">
/// False for a bounded φ with more than a quarter of its units saturated. There χ is 1 only because few steep units
/// make up for many stuck ones: the gradient keeps its norm but hardly depends on the input, and the net doesn't learn.
/// </param>
public sealed record CriticalGain(double SigmaW, double Variance, double SaturatedShare, bool IsUsable);
