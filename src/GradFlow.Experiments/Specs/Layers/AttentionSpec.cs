namespace GradFlow.Experiments;

/// <summary>
/// Attention of several heads to the sequence itself (Vaswani et al. 2017), with the products before and behind it.
/// </summary>
[Entry("attention")]
public sealed record AttentionSpec : LayerSpec, IConstrained
{
    /// <summary>How many heads share the features out evenly.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1024)]
    public required int Heads { get; init; }

    /// <summary>Whether a time step sees itself and earlier ones alone.</summary>
    public bool Causal { get; init; }

    /// <summary>
    /// How many time steps around itself a time step sees, of causal attention itself and those before; left out for
    /// all.
    /// </summary>
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int? Window { get; init; }

    /// <summary>How scores become weights.</summary>
    public AttentionForm Kind { get; init; }

    /// <summary>β of DeepNorm, where a Transformer block sets it.</summary>
    internal double? Gain { get; init; }

    SpecProblem? IConstrained.FindProblem() => Kind == AttentionForm.Linear && Window is not null
        ? new SpecProblem("window", "'window' limits softmax attention alone; leave it out, or take 'kind: softmax'")
        : null;
}

/// <summary>How attention turns scores into weights.</summary>
public enum AttentionForm
{
    /// <summary>softmax(q·k/√size of a head) (Vaswani et al. 2017).</summary>
    Softmax,

    /// <summary>
    /// φ(q)·φ(k) over its sum, φ(x) = elu(x) + 1 (Katharopoulos et al. 2020): time is linear in the length.
    /// </summary>
    Linear,
}
