using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// All that a training needs to go on, to the bit: parameters, buffers, the optimiser's state and how far it got. The
/// data cursor and all draws follow from the step and the seed.
/// </summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Tensors">Copies of parameters and buffers, by name.</param>
/// <param name="Optimizer">Copies of the optimiser's state, by name.</param>
public sealed record TrainingState(
    int Step,
    IReadOnlyDictionary<string, Tensor> Tensors,
    IReadOnlyDictionary<string, Tensor> Optimizer)
{
    /// <summary>
    /// Copies of what clipping, schedule and the like remember from step to step, by their names, such as
    /// <c>on-plateau/progress</c>.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Memory { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>
    /// Tells data that were read from files from others: SHA-256 hashes of the training, validation and test data as
    /// the net sees them, in hexadecimal digits. Null for data that are drawn, which the experiment decides, and where
    /// it wasn't kept.
    /// </summary>
    public string? DataFingerprint { get; init; }

    /// <summary>
    /// The state of the pre-training before the first step, with a head and an optimiser of its own; null where there
    /// is none, or it is over.
    /// </summary>
    public TrainingState? Pretraining { get; init; }
}
