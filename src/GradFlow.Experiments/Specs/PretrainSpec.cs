namespace GradFlow.Experiments;

/// <summary>
/// A phase before the training, in which the layers that read sequences learn, under a head of their own, to predict at
/// every time step: the next input, which needs no labels (Dai and Le 2015; Radford et al. 2018).
/// </summary>
public sealed record PretrainSpec : IConstrained
{
    /// <summary>Updates of this phase; either this or <see cref="Epochs"/>.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public int? Steps { get; init; }

    /// <summary>Passes over its data; either this or <see cref="Steps"/>.</summary>
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int? Epochs { get; init; }

    /// <summary>
    /// What it learns from: what these data ask for at every time step, or the next input where they ask at the end
    /// alone; by default the inputs of the training's own data.
    /// </summary>
    public DataSpec? Data { get; init; }

    /// <summary>
    /// Whether a net can learn to predict the next input of its own sequences before it learns what is asked at their
    /// end: <c>last-step</c> stands behind layers that see no later time steps.
    /// </summary>
    /// <param name="model">The net's layers.</param>
    public static bool Suits(IReadOnlyList<LayerSpec> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Pretraining.Suits(model);
    }

    SpecProblem? IConstrained.FindProblem() => (Epochs, Steps) switch
    {
        (null, null) => new SpecProblem(null, "'pretrain' doesn't say how long; give 'steps' or 'epochs'"),
        (not null, not null) => new SpecProblem("epochs", "'pretrain' has both 'steps' and 'epochs'; give one of them"),
        _ => null,
    };
}
