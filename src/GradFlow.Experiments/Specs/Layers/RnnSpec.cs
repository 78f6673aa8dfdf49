namespace GradFlow.Experiments;

/// <summary>The plain recurrent layer, h = φ(W·x + b + U·h of the step before + b').</summary>
[Entry("rnn")]
public sealed record RnnSpec : SkippingRecurrentSpec, IConstrained
{
    /// <summary>φ.</summary>
    [Written]
    public RecurrentActivation Activation { get; init; }

    /// <summary>
    /// Whether what stands before φ is brought to mean 0 and variance 1 over the units at each time step, times a
    /// learned gain plus a learned shift in place of biases (Ba, Kiros and Hinton 2016). The shift begins at 0, or as
    /// <c>bias</c> draws it where that is another than <c>torch</c>.
    /// </summary>
    public bool LayerNorm { get; init; }

    SpecProblem? IConstrained.FindProblem() => LayerNorm && Activation == RecurrentActivation.ModRelu
        ? new SpecProblem(
            "layer-norm", "'mod-relu' has no place for 'layer-norm'; expected tanh, relu or identity")
        : FindSkipProblem();
}

/// <summary>The non-linearity of a plain recurrent layer.</summary>
public enum RecurrentActivation
{
    /// <summary>tanh.</summary>
    Tanh,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>None: a linear recurrence.</summary>
    Identity,

    /// <summary>sign(x)·max(|x| + β, 0) with a learned β per unit, 0 at first (Arjovsky et al. 2016).</summary>
    ModRelu,
}
