using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Shows a plateau, at its intervals, how the training gets on.</summary>
/// <param name="spec">The experiment's schedule.</param>
/// <param name="stepsPerEpoch">The interval where the experiment gives none.</param>
internal sealed class PlateauSchedule(OnPlateauScheduleSpec spec, int stepsPerEpoch) : IKeepsState
{
    private const string TrainingLoss = "training-loss";

    private readonly OnPlateau _plateau = new(
        spec.Factor, spec.Patience, spec.Threshold, spec.Cooldown, spec.FinalFactor,
        spec.Of == Progress.ValidationMetric);

    private double _sum;
    private int _count;

    public double Factor => _plateau.Factor;

    public IReadOnlyDictionary<string, Tensor> State =>
        new Dictionary<string, Tensor>(_plateau.State) { [TrainingLoss] = Tensor.From([_sum, (double)_count]) };

    /// <summary>A step is done.</summary>
    /// <param name="steps">Steps taken so far.</param>
    /// <param name="loss">The loss that the step has minimised.</param>
    /// <param name="evaluate">Judges the net on the validation data.</param>
    public void After(int steps, double loss, Func<Evaluation> evaluate)
    {
        if (double.IsFinite(loss)) (_sum, _count) = (_sum + loss, _count + 1);
        if (steps % (spec.Every ?? stepsPerEpoch) != 0) return;
        _plateau.Judge(spec.Of switch
        {
            Progress.TrainingLoss => _sum / _count,
            Progress.ValidationMetric => evaluate().Metric ?? double.NaN,
            _ => evaluate().Loss,
        });
        (_sum, _count) = (0, 0);
    }

    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        _plateau.LoadState(state);
        (_sum, _count) = (state[TrainingLoss][0], (int)state[TrainingLoss][1]);
    }
}
