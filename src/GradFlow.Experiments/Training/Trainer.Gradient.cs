using GradFlow.Autograd;
using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

public sealed partial class Trainer
{
    private const string LossScope = "loss";
    private int[]? _order;
    private int _orderEpoch = -1;

    /// <summary>One step's gradients: of the samples of a batch, or of a piece of each.</summary>
    private (double Loss, double? Penalty, double? Metric) TakeGradient(ITapeObserver? observer, NetWatch? watch) =>
        PieceOf(Step) is var (update, starts)
            ? ForwardAndBack(update, starts, observer, watch)
            : ForwardAndBack(BatchRows(Step), observer, watch);

    /// <summary>
    /// One step's gradients, summed over its micro-batches. Each loss counts by its share of what is compared, so the
    /// sum is the mean over all of it; penalties, which are of no sample, come once, with the last micro-batch. That is
    /// also the one whose cotangents the watch sees.
    /// </summary>
    private (double Loss, double? Penalty, double? Metric) ForwardAndBack(
        int[] rows, ITapeObserver? observer, NetWatch? watch)
    {
        int batch = Experiment.Training.Batch, compared = Math.Max(1, _train.CountCompared(rows));
        (double loss, double? penalty, double? metric) = (0, null, null);
        for (int first = 0, pass = 0; first < rows.Length; first += batch, pass++)
        {
            bool isLast = first + batch >= rows.Length;
            int[] micro = rows[first..Math.Min(first + batch, rows.Length)];
            double share = isLast && first == 0 ? 1 : (double)_train.CountCompared(micro) / compared;
            (double ownLoss, penalty, double? ownMetric) = ForwardAndBack(
                micro, share, (long)Step * Experiment.Training.Accumulate + pass, isLast, observer,
                isLast ? watch : null);
            loss += ownLoss;
            metric = ownMetric is null ? null : (metric ?? 0) + (double)micro.Length / rows.Length * ownMetric;
        }
        return (loss, penalty, metric);
    }

    private (double Loss, double? Penalty, double? Metric) ForwardAndBack(
        int[] rows, double share, long draw, bool isPenalized, ITapeObserver? observer, NetWatch? watch)
    {
        using var tape = new Tape(_pool, observer);
        Variable input = _train.Inputs(tape, rows);
        Target target = _train.Targets(tape, rows);
        ReadOnlyMemory<int> lengths = _train.Lengths(rows);
        Variable output = Model.Net.Apply(
            input, TrainingPass(draw) with { Lengths = lengths, Teacher = target.Labels });
        return BackFrom(
            output, LossOf(output, target), share, _train.JudgedLabels(rows), isPenalized, watch, lengths);
    }

    private Pass TrainingPass(long draw) => new(true, new StepDraws(Experiment.Seed, draw));

    private (double Loss, double? Penalty, double? Metric) BackFrom(
        Variable output, Variable loss, double share, int[]? judged, bool isPenalized, NetWatch? watch,
        ReadOnlyMemory<int> lengths = default)
    {
        Tape tape = output.Tape;
        Variable? penalty = isPenalized ? PenaltyOn(tape) : null;
        using (tape.EnterScope(LossScope))
        {
            if (share < 1) loss = share * loss;
            if (penalty is not null) loss += penalty;
        }
        watch?.BeforeBackward(tape, loss, lengths);
        tape.Backward(loss);
        double? ofWayBack = isPenalized ? PenaltyOfWayBack(tape) : null;
        return (
            loss.Value[[]] + (ofWayBack ?? 0), Sum(penalty?.Value[[]], ofWayBack),
            MetricOf(output.Value, judged));
    }

    private Variable LossOf(Variable output, Target target)
    {
        using (output.Tape.EnterScope(LossScope)) return _loss.Evaluate(output, target);
    }

    /// <summary>What regularisers add to the loss; null without any.</summary>
    private Variable? PenaltyOn(Tape tape)
    {
        if (_regularizers.Count == 0) return null;
        using (tape.EnterScope(LossScope))
            return _regularizers.Select(regularizer => regularizer.Penalty(tape)).OfType<Variable>()
                .Aggregate((Variable?)null, (sum, penalty) => sum is null ? penalty : sum + penalty);
    }

    /// <summary>What regularisers have added on the way back; null without any that do.</summary>
    private double? PenaltyOfWayBack(Tape tape)
    {
        IReadOnlyList<NormPreservation> those = [.. _regularizers.OfType<NormPreservation>()];
        return those.Count == 0 ? null : those.Sum(regularizer => regularizer.After(tape));
    }

    private static double? Sum(double? a, double? b) => a is null ? b : a + (b ?? 0);

    /// <summary>The accuracy, of sequences that at their last time steps; null where nothing is judged.</summary>
    private static double? MetricOf(Tensor output, int[]? labels) =>
        labels is null || Batches.CountLabels(labels) == 0 ? null : Accuracy.Of(output, labels);

    /// <summary>Replays the step with checks on, before anything has changed, to name what went wrong first.</summary>
    private void FindOrigin(IReadOnlyDictionary<string, Tensor> begun)
    {
        if (NonFinite is not null) return;
        _carried.LoadState(begun);
        var check = new FiniteCheck(Step);
        Tensor[] buffers = Model.Net.AllBuffers().Select(b => b.Value.Clone()).ToArray();
        Tensor?[] gradients = _parameters.Select(p => p.HasGradient ? p.Gradient.Clone() : null).ToArray();
        _optimizer.ClearGradients();
        TakeGradient(check, null);
        NonFinite = check.Origin;
        foreach ((Tensor kept, (_, Tensor buffer)) in buffers.Zip(Model.Net.AllBuffers())) Kernels.Copy(kept, buffer);
        for (int i = 0; i < gradients.Length; i++)
            if (gradients[i] is { } gradient) Kernels.Copy(gradient, _parameters[i].Gradient);
    }

    /// <summary>The rows of a batch, micro-batches together; a last one of a single sample is left out.</summary>
    private int[] BatchRows(int batch)
    {
        int each = Recipe.StepsPerEpoch(_train.Count, Experiment.Training), epoch = batch / each;
        int first = batch % each * Experiment.Training.SamplesPerStep;
        if (epoch != _orderEpoch)
        {
            _order = new RandomKey(Experiment.Seed, "shuffle").At(epoch).Permutation(_train.Count);
            _orderEpoch = epoch;
        }
        int micro = Experiment.Training.Batch;
        int count = Math.Min(Experiment.Training.SamplesPerStep, _order!.Length - first);
        if (count > micro && count % micro == 1) count--;
        return _order[first..(first + count)];
    }
}
