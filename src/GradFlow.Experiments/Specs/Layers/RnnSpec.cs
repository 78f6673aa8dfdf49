namespace GradFlow.Experiments;

/// <summary>The plain recurrent layer, h = φ(W·x + b + U·h of the step before + b').</summary>
[Entry("rnn")]
public sealed record RnnSpec : SkippingRecurrentSpec, IConstrained
{
    /// <summary>φ.</summary>
    [Written]
    public RecurrentActivation Activation { get; init; }

    SpecProblem? IConstrained.FindProblem() => FindSkipProblem();
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
