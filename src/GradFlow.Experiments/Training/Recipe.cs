using GradFlow.Autograd;
using GradFlow.Nn;

namespace GradFlow.Experiments;

/// <summary>Turns an experiment's optimiser, clipping and schedule into those of the engine.</summary>
internal static class Recipe
{
    private const int MostSteps = 1_000_000_000;

    /// <exception cref="InvalidExperimentException">A group names what the net doesn't have.</exception>
    public static Optimizer OptimizerOf(OptimizerSpec spec, Module net, string file)
    {
        IReadOnlyList<Parameter> all = net.AllParameters();
        IReadOnlyList<ParameterGroup> groups = GroupsOf(spec, net, file);
        double rate = spec.LearningRate, decay = spec.WeightDecay;
        bool isDecoupled = spec.Decoupled;
        return spec switch
        {
            SgdSpec x => new Sgd(all, rate, x.Momentum, x.Nesterov, decay) { IsDecoupled = isDecoupled, Groups = groups },
            AdamSpec x => new Adam(all, rate, x.Beta1, x.Beta2, x.Eps, decay) { IsDecoupled = isDecoupled, Groups = groups },
            AdamWSpec x => new AdamW(all, rate, x.Beta1, x.Beta2, x.Eps, decay) { Groups = groups },
            AdaGradSpec x => new AdaGrad(all, rate, x.Eps, x.Start, decay) { IsDecoupled = isDecoupled, Groups = groups },
            RmsPropSpec x => new RmsProp(all, rate, x.Alpha, x.Eps, x.Momentum, x.Centered, decay)
            {
                IsDecoupled = isDecoupled,
                Groups = groups,
            },
            _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no optimiser", nameof(spec)),
        };
    }

    /// <summary>Each parameter in the first group that names it.</summary>
    private static IReadOnlyList<ParameterGroup> GroupsOf(OptimizerSpec spec, Module net, string file)
    {
        if (spec.Groups.Count == 0) return [];
        var selection = new ParameterSelection(net);
        var taken = new HashSet<Parameter>();
        return [.. spec.Groups.Select((group, i) => new ParameterGroup([.. selection.Of(group.Parameters, problem =>
            new InvalidExperimentException(
                file, spec.Source.Number, $"optimizer.{spec.EntryName}.groups[{i}]: {problem}")).Where(taken.Add)])
        {
            RateFactor = (group.LearningRate ?? spec.LearningRate) / spec.LearningRate,
            WeightDecay = group.WeightDecay,
        })];
    }

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
            ExponentialScheduleSpec x => new ExponentialDecay(x.Every, x.Factor),
            CosineScheduleSpec x => new Cosine(Math.Max(1, plannedSteps - spec.WarmUp), x.FinalFactor),
            CosineRestartsScheduleSpec x => new CosineRestarts(x.First, x.Growth, x.FinalFactor),
            OneCycleScheduleSpec x =>
                new OneCycle(Math.Max(2, plannedSteps - spec.WarmUp), x.Rise, x.StartFactor, x.FinalFactor),
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
