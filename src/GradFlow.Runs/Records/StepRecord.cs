namespace GradFlow.Runs;

/// <summary>What every training step leaves behind, watched closely or not.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Epoch">The epoch that it belongs to, from 0.</param>
/// <param name="Loss">The loss that the optimiser minimises, on this batch, before the update.</param>
/// <param name="Metric">The metric on this batch; null if there is none.</param>
/// <param name="LearningRate">The rate that this step was taken with.</param>
/// <param name="GradientNorm">Euclidean norm of all parameter gradients before clipping.</param>
/// <param name="ClippedNorm">
/// The same after clipping; equals <paramref name="GradientNorm"/> where nothing was clipped, and is 0 where the step
/// was not taken since its loss or gradient wasn't finite.
/// </param>
/// <param name="ClipCoefficient">
/// What the gradient was multiplied by: 1 where nothing was clipped, 0 where the step was not taken; null without
/// clipping.
/// </param>
public sealed record StepRecord(
    int Step,
    int Epoch,
    double Loss,
    double? Metric,
    double LearningRate,
    double? GradientNorm,
    double? ClippedNorm,
    double? ClipCoefficient)
{
    /// <summary>What regularisers added to <see cref="Loss"/>, which holds it; null without any.</summary>
    public double? Penalty { get; init; }
}

/// <summary>The net judged on held-out or training data between steps.</summary>
/// <param name="Step">Steps taken before it was judged; those of the phase before the training for its own.</param>
/// <param name="Epoch">Epochs finished before it was judged (may be a fraction), of the same phase.</param>
/// <param name="Split">
/// <c>train</c>, <c>validation</c> or <c>test</c>; <c>free-run</c> of a series that the net went on with alone, its
/// predictions being its inputs; <c>pretraining</c> of the phase before the training.
/// </param>
/// <param name="Loss">Mean loss over the split.</param>
/// <param name="Metric">Metric over the split; null if there is none.</param>
/// <param name="Samples">How many samples were judged.</param>
public sealed record Evaluation(int Step, double Epoch, string Split, double Loss, double? Metric, int Samples);

/// <summary>Where the first number that is not finite came from.</summary>
/// <param name="Step">The step in which it appeared.</param>
/// <param name="Phase"><c>data</c>, <c>forward</c>, <c>backward</c> or <c>update</c>.</param>
/// <param name="Layer">The stable name of the layer that produced it first.</param>
/// <param name="Operation">The operation (op name, or <c>optimizer</c>) that produced it first.</param>
/// <param name="Kind"><c>nan</c> or <c>inf</c>.</param>
public sealed record NonFiniteOrigin(int Step, string Phase, string Layer, string Operation, string Kind);
