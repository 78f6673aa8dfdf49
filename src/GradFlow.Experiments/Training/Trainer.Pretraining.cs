using GradFlow.Runs;

namespace GradFlow.Experiments;

public sealed partial class Trainer
{
    private Pretraining? _pretraining;
    private int _pretrainedSteps;

    /// <summary>
    /// Steps of the pre-training that lies before the first step; 0 where the experiment asks for none, or it is over.
    /// </summary>
    public int PretrainingSteps => _pretraining?.Steps ?? 0;

    /// <summary>Steps of pre-training that have been taken, each an update of the layers that learn from it.</summary>
    public int PretrainedSteps => _pretraining?.Taken ?? _pretrainedSteps;

    /// <summary>Takes the pre-training's steps that are left; then the training begins with what it taught.</summary>
    /// <param name="steps">How many in all; null for as many as are planned.</param>
    /// <param name="judged">
    /// Told what it came to on validation data of its own, at the end and where it is judged along the way, by the
    /// steps of the pre-training; null for nobody.
    /// </param>
    /// <param name="judgedEvery">
    /// Steps between two judgements along the way, of which the first comes before any step; by default there are none.
    /// </param>
    /// <param name="progress">Told after each step; null for nobody.</param>
    /// <param name="cancellation">The user's wish to stop.</param>
    /// <returns>False where the user stopped it: it can go on, and the training isn't to begin.</returns>
    /// <exception cref="InvalidOperationException">There is none, or it is over.</exception>
    public bool Pretrain(
        int? steps = null, Action<Evaluation>? judged = null, int judgedEvery = int.MaxValue,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (_pretraining is null)
            throw new InvalidOperationException("there is no pre-training before this training, or it is over");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(judgedEvery);
        if (!_pretraining.Take(steps ?? _pretraining.Steps, judged, judgedEvery, progress, cancellation)) return false;
        _pretraining.CopyTo(Model.Net);
        FitReadout();
        EndPretraining();
        return true;
    }

    private void RestorePretraining(TrainingState? state)
    {
        if (state is null) EndPretraining();
        else if (_pretraining is null)
            throw new ArgumentException("the state is of the pre-training before this training's first step");
        else _pretraining.Restore(state);
    }

    private void EndPretraining() => (_pretrainedSteps, _pretraining) = (PretrainedSteps, null);
}
