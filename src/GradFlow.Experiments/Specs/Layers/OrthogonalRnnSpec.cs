namespace GradFlow.Experiments;

/// <summary>
/// A plain recurrent layer whose weights of the state stay orthogonal in training (Arjovsky et al. 2016; Lezcano-Casado
/// and Martínez-Rubio 2019): U = Q·exp(L − Lᵀ), L being trained and Q what <c>recurrent-init</c> draws.
/// </summary>
[Entry("orthogonal-rnn")]
public sealed record OrthogonalRnnSpec : RecurrentSpec, IConstrained
{
    /// <summary>Begins with orthogonal weights.</summary>
    public OrthogonalRnnSpec() => RecurrentInit = new OrthogonalInitSpec();

    /// <summary>φ.</summary>
    [Written]
    public RecurrentActivation Activation { get; init; }

    SpecProblem? IConstrained.FindProblem() =>
        RecurrentInit is OrthogonalInitSpec { Gain: 1 } or IdentityInitSpec { Gain: 1 }
            ? null
            : new SpecProblem(
                "recurrent-init",
                "these weights stay orthogonal and must begin so; expected 'orthogonal' or 'identity'");
}
