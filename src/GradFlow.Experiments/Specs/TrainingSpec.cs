namespace GradFlow.Experiments;

/// <summary>How long the training runs, on how much at once, and what is done to gradients and rate.</summary>
public sealed record TrainingSpec : IConstrained
{
    /// <summary>Passes over the training data; either this or <see cref="Steps"/>.</summary>
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int? Epochs { get; init; }

    /// <summary>
    /// Updates; either this or <see cref="Epochs"/>. 0 judges the net as it begins.
    /// </summary>
    [Limits(AtLeast = 0, AtMost = 1e9)]
    public int? Steps { get; init; }

    /// <summary>Samples per backward pass; where none are accumulated, per update.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int Batch { get; init; } = 64;

    /// <summary>
    /// Backward passes per update, in the memory of one: the gradient is that of the mean over all their samples.
    /// </summary>
    [Limits(AtLeast = 1, AtMost = 1000)]
    public int Accumulate { get; init; } = 1;

    /// <summary>The share of the training data that is held out to judge by.</summary>
    [Written]
    [Limits(Above = 0, Below = 1)]
    public double Validation { get; init; } = 0.1;

    /// <summary>Penalties that are added to the loss; none by default.</summary>
    public ValueList<RegularizerSpec> Regularizers { get; init; } = [];

    /// <summary>How gradients are bounded before the update; none by default.</summary>
    public ClipSpec? Clip { get; init; }

    /// <summary>Ends the training where the validation loss stops improving; by default all steps are taken.</summary>
    public EarlyStoppingSpec? Stop { get; init; }

    /// <summary>
    /// What is done about a step whose loss or gradient is NaN or infinite; by default the training ends.
    /// </summary>
    public NonFiniteSpec NonFinite { get; init; } = new ErrorSpec();

    /// <summary>How the learning rate changes along the way.</summary>
    public ScheduleSpec Schedule { get; init; } = new ConstantScheduleSpec();

    /// <summary>Steps over which the rate first rises linearly to that of the schedule; 0 for none.</summary>
    [Limits(AtLeast = 0, AtMost = 1e9)]
    public int WarmUp { get; init; }

    /// <summary>
    /// Where the gradient's way back through time is cut: after so many time steps, or because an update reads a piece
    /// of a sequence (truncated back-propagation through time); nowhere by default.
    /// </summary>
    public TruncateSpec? Truncate { get; init; }

    /// <summary>
    /// A run, or the checkpoint in it, whose weights this training begins with, by their names; relative to the
    /// experiment file. Those that it lacks are drawn, as all are by default.
    /// </summary>
    public string? StartFrom { get; init; }

    /// <summary>
    /// A phase before the first step that teaches the layers to predict the next input; none by default.
    /// </summary>
    public PretrainSpec? Pretrain { get; init; }

    /// <summary>
    /// Lets results inside of segments of layers go and computes them again on the way back, so that memory grows with
    /// the root of the depth, and in recurrent layers with that of the time steps; by default all are kept.
    /// </summary>
    public CheckpointingSpec? ActivationCheckpointing { get; init; }

    /// <summary>Where its keys were read from.</summary>
    internal KeyLines Lines { get; init; }

    /// <summary>Samples per update; fewer at the end of an epoch.</summary>
    internal int SamplesPerStep => Batch * Accumulate;

    SpecProblem? IConstrained.FindProblem() => (Epochs, Steps) switch
    {
        (null, null) => new SpecProblem(null, "'training' doesn't say how long; give 'epochs' or 'steps'"),
        (not null, not null) => new SpecProblem("steps", "'training' has both 'epochs' and 'steps'; give one of them"),
        _ when Accumulate > 1 && Truncate is { Every: not null } => new SpecProblem(
            "accumulate", "'accumulate' is for samples that are read whole; expected none with 'every' in 'truncate'"),
        _ when WarmUp > Steps => new SpecProblem(
            "warm-up",
            $"'warm-up' of {Words.Count(WarmUp, "step")} in a training of {Steps:N0}; expected at most as many"),
        _ => null,
    };
}
