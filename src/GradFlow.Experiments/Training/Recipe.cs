using GradFlow.Autograd;
using GradFlow.Nn;

namespace GradFlow.Experiments;

/// <summary>Turns an experiment's optimiser, clipping and schedule into those of the engine.</summary>
internal static class Recipe
{
    private const int MostSteps = 1_000_000_000;

    public static Optimizer OptimizerOf(OptimizerSpec spec, IReadOnlyList<Parameter> parameters) => spec switch
    {
        SgdSpec x => new Sgd(parameters, x.LearningRate, x.Momentum, x.Nesterov, x.WeightDecay),
        AdamSpec x => new Adam(parameters, x.LearningRate, x.Beta1, x.Beta2, x.Eps, x.WeightDecay),
        _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no optimiser", nameof(spec)),
    };

    public static GradientClipping? ClippingOf(ClipSpec? spec) => spec switch
    {
        null => null,
        ClipNormSpec x => new ClipByNorm(x.Max),
        ClipValueSpec x => new ClipByValue(x.Max),
        _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no clipping", nameof(spec)),
    };

    public static Schedule ScheduleOf(TrainingSpec spec, int plannedSteps)
    {
        Schedule schedule = spec.Schedule switch
        {
            StepScheduleSpec x => new StepDecay(x.Every, x.Factor),
            CosineScheduleSpec x => new Cosine(Math.Max(1, plannedSteps - spec.WarmUp), x.FinalFactor),
            _ => new Constant(),
        };
        return spec.WarmUp > 0 ? new WarmUp(spec.WarmUp, schedule) : schedule;
    }

    /// <exception cref="InvalidExperimentException">The epochs come to more steps than can be counted.</exception>
    public static int PlannedSteps(TrainingSpec spec, int stepsPerEpoch, string file)
    {
        long steps = spec.Steps ?? (long)spec.Epochs!.Value * stepsPerEpoch;
        return steps <= MostSteps
            ? (int)steps
            : throw new InvalidExperimentException(
                file, null, $"training.epochs: {spec.Epochs:N0} epochs are {steps:N0} steps; expected at most {MostSteps:N0}");
    }

    /// <summary>Batches per pass; a last one of a single sample is left out, since a batch's statistics need two.</summary>
    public static int StepsPerEpoch(int samples, int batch)
    {
        int whole = samples / batch, rest = samples % batch;
        return Math.Max(1, whole + (rest > 1 || (rest == 1 && batch == 1) ? 1 : 0));
    }
}
