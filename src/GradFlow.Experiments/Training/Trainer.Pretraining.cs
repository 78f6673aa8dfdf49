using GradFlow.Runs;

namespace GradFlow.Experiments;

public sealed partial class Trainer
{
    private Pretraining? _pretraining;

    /// <summary>
    /// Steps of the pre-training that lies before the first step; 0 where the experiment asks for none, or it is over.
    /// </summary>
    public int PretrainingSteps => _pretraining?.Steps ?? 0;

    /// <summary>Steps of pre-training that have been taken, each a whole update of the layers that learn from it.</summary>
    public int PretrainedSteps { get; private set; }

    /// <summary>Takes the pre-training's steps, after which the training begins with what it taught.</summary>
    /// <param name="steps">How many; null for as many as are planned.</param>
    /// <param name="progress">Told after each; null for nobody.</param>
    /// <param name="cancellation">The user's wish to stop.</param>
    /// <returns>
    /// What it came to on validation data of its own, at step 0; null where the user stopped it, and the training isn't
    /// to begin.
    /// </returns>
    /// <exception cref="InvalidOperationException">There is none, or it is over.</exception>
    public Evaluation? Pretrain(
        int? steps = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (_pretraining is null)
            throw new InvalidOperationException("there is no pre-training before this training, or it is over");
        bool isDone = _pretraining.Take(steps ?? _pretraining.Steps, progress, cancellation);
        PretrainedSteps = _pretraining.Taken;
        if (!isDone) return null;
        Evaluation judged = _pretraining.Judge();
        _pretraining.CopyTo(Model.Net);
        FitReadout();
        _pretraining = null;
        return judged;
    }
}
