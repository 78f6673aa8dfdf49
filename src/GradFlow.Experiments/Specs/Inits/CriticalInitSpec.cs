namespace GradFlow.Experiments;

/// <summary>
/// Weights of the scale σw at which mean-field theory has gradients keep their size, for the layer's activation and the
/// variance σb² of its biases (the edge of chaos: Poole et al. 2016; Schoenholz et al. 2017).
/// </summary>
[Entry("critical")]
public sealed record CriticalInitSpec : InitSpec
{
    /// <summary>Whether the weights are σw times an orthogonal matrix; else normal of variance σw²/fan-in.</summary>
    public bool Orthogonal { get; init; }

    /// <summary>
    /// σw of an activation without biases; null where there is none, and where a bounded activation's units would be
    /// saturated at it, so that the net wouldn't learn.
    /// </summary>
    /// <param name="activation">The activation.</param>
    public static double? GainOf(ActivationSpec activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        return CriticalGains.Of(activation) is { IsUsable: true } gain ? gain.SigmaW : null;
    }
}
