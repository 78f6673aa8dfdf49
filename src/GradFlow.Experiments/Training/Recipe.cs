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
            SgdSpec x =>
                new Sgd(all, rate, x.Momentum, x.Nesterov, decay) { IsDecoupled = isDecoupled, Groups = groups },
            AdamSpec x =>
                new Adam(all, rate, x.Beta1, x.Beta2, x.Eps, decay) { IsDecoupled = isDecoupled, Groups = groups },
            AdamWSpec x => new AdamW(all, rate, x.Beta1, x.Beta2, x.Eps, decay) { Groups = groups },
            AdaGradSpec x => new AdaGrad(all, rate, x.Eps, x.Start, decay, x.RateDecay)
            {
                IsDecoupled = isDecoupled,
                Groups = groups,
            },
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

    /// <exception cref="InvalidExperimentException">
    /// A regulariser is of parameters that the net or it doesn't have.
    /// </exception>
    public static IReadOnlyList<Regularizer> RegularizersOf(Experiment experiment, Module net, string file)
    {
        if (experiment.Training.Regularizers.Count == 0) return [];
        var selection = new ParameterSelection(net);
        return [.. experiment.Training.Regularizers.Select(spec =>
        {
            Exception Fail(string problem) => new InvalidExperimentException(
                file, spec.Source.Number, $"training.regularizers.{spec.EntryName}: {problem}");
            IReadOnlyList<Parameter> parameters = selection.Of(spec.Of, Fail);
            if (spec is NormPreservationSpec) parameters = RecurrentWeightsAmong(parameters, net, Fail);
            if (spec is not (L1Spec or L2Spec) && parameters.FirstOrDefault(p => p.Value.Shape.Count < 2) is { } vector)
                throw Fail($"'{vector.Name}' has one dimension; expected weights, which have two or more");
            return RegularizerOf(spec, parameters, experiment.Seed);
        })];
    }

    private static IReadOnlyList<Parameter> RecurrentWeightsAmong(
        IReadOnlyList<Parameter> parameters, Module net, Func<string, Exception> fail)
    {
        HashSet<Parameter> recurrent =
            [.. net.SelfAndDescendants().OfType<Rnn>()
                .Where(layer => layer is { Parameters.Skip: null, IsNormalized: false })
                .Select(layer => layer.Parameters.RecurrentWeight)];
        IReadOnlyList<Parameter> among = [.. parameters.Where(recurrent.Contains)];
        return among.Count > 0
            ? among
            : throw fail("none of its parameters are weights of the state of a plain recurrent layer, 'rnn' or 'irnn'; "
                + "expected a net with one, since gates, connections that skip time steps and normalisation are not "
                + "penalised");
    }

    private static Regularizer RegularizerOf(RegularizerSpec spec, IReadOnlyList<Parameter> parameters, int seed) =>
        spec switch
        {
            L1Spec => new L1(spec.Factor, parameters),
            L2Spec => new L2(spec.Factor, parameters),
            NormPreservationSpec => new NormPreservation(spec.Factor, parameters),
            OrthogonalitySpec => new Orthogonality(spec.Factor, parameters),
            SpectralNormSpec => new SpectralNorm(spec.Factor, parameters, seed),
            _ => throw new ArgumentException($"is a {spec.GetType().Name}, which has no regularizer", nameof(spec)),
        };

    /// <exception cref="InvalidExperimentException">An exception names what the net doesn't have.</exception>
    public static GradientClipping? ClippingOf(ClipSpec? spec, Module net, string file) => spec switch
    {
        null => null,
        ClipNormSpec x => new ClipByNorm(x.Max),
        ClipPerParameterSpec x => new ClipPerParameter(x.Max),
        ClipValueSpec x => new ClipByValue(x.Max),
        ClipPercentileSpec x => new ClipByPercentile(x.Percent, x.Window),
        AdaptiveClipSpec x => new AdaptiveClip(x.Factor, x.Eps, new ParameterSelection(net).Of(
            x.Except, problem => new InvalidExperimentException(
                file, x.Source.Number, $"training.clip.adaptive.except: {problem}"))),
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
                new OneCycle(
                    Math.Max(2, plannedSteps - spec.WarmUp), x.Rise, x.StartFactor, x.FinalFactor, x.LeastMomentum,
                    x.MostMomentum)
                {
                    CyclesMomentum = x.CycleMomentum,
                },
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
                file, spec.Lines.Of("epochs"),
                $"training.epochs: {spec.Epochs:N0} epochs are {steps:N0} steps; expected at most {MostSteps:N0}");
    }

    /// <summary>
    /// Updates per pass; a last batch of a single sample is left out, since a batch's statistics need two.
    /// </summary>
    public static int StepsPerEpoch(int samples, TrainingSpec spec)
    {
        int whole = samples / spec.SamplesPerStep, rest = samples % spec.SamplesPerStep;
        return Math.Max(1, whole + (rest > 1 || (rest == 1 && spec.Batch == 1) ? 1 : 0));
    }
}
