namespace GradFlow.Experiments;

/// <summary>
/// Where back-propagation through time is cut: inside of sequences that are read whole, or because an update reads a
/// piece of them (Williams and Peng 1990, BPTT(h; h'); Sutskever 2013, section 2.8.6).
/// </summary>
public sealed record TruncateSpec : IConstrained
{
    /// <summary>
    /// Time steps after which recurrent layers cut the gradient, counted from the end of a sequence that is read whole;
    /// either this or <see cref="Every"/>.
    /// </summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int? Window { get; init; }

    /// <summary>
    /// K1: time steps that an update moves on by; it counts the losses of these. A sequence is many updates.
    /// </summary>
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int? Every { get; init; }

    /// <summary>
    /// K2: time steps that an update reads, of which the last are new; the gradient ends where they begin, while the
    /// state there is carried. As many as <see cref="Every"/> where not given.
    /// </summary>
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int? Back { get; init; }

    /// <summary>
    /// Whether the state goes on from sample to sample: a text is read as so many streams as a batch has samples, and
    /// judged as one.
    /// </summary>
    public bool Carry { get; init; }

    /// <summary>Time steps that the gradient goes back at most.</summary>
    public int Reach => Window ?? Back ?? Every ?? int.MaxValue;

    SpecProblem? IConstrained.FindProblem() => this switch
    {
        { Window: null, Every: null } => new SpecProblem(
            null, "'truncate' doesn't say where; give a number of time steps, or 'every' and 'back'"),
        { Window: not null, Every: not null } => new SpecProblem(
            "window", "'truncate' has both 'window' and 'every'; give one of them"),
        { Every: null, Back: not null } => new SpecProblem("back", "'back' needs 'every'"),
        { Every: null, Carry: true } => new SpecProblem("carry", "'carry' needs 'every'"),
        { Every: { } every, Back: { } back } when back < every => new SpecProblem(
            "back", $"'back' is {back} and 'every' {every}; expected at least as many"),
        _ => null,
    };
}
