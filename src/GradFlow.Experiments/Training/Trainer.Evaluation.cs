using GradFlow.Autograd;
using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

public sealed partial class Trainer
{
    private const int EvaluationBatch = 256, EvaluatedSteps = 65536;

    /// <summary>Bytes that steps and judgements have needed at once.</summary>
    internal long PooledBytes => _pool.AllocatedBytes;

    /// <summary>Judges the net on the validation data.</summary>
    public Evaluation EvaluateValidation() => Evaluate(_data.Validation, "validation");

    /// <summary>Judges the net on the test data; null if there are none. Nothing is chosen by it.</summary>
    public Evaluation? EvaluateTest() => _data.Test is null ? null : Evaluate(_data.Test, "test");

    /// <summary>
    /// Lets the net go on with the test series alone, where the experiment asks for it; null elsewhere. The loss is the
    /// squared error at the last step.
    /// </summary>
    public Evaluation? EvaluateFreeRun() =>
        Experiment.Data is MackeyGlassSpec { FreeRun: { } steps } && _data.Test is { } test
            ? new Evaluation(
                Step, (double)Step / StepsPerEpoch, "free-run",
                FreeRun.MeanSquaredError(Model.Net, test, steps), null, test.Count)
            : null;

    /// <summary>What is known before the first step, for the run's header.</summary>
    /// <param name="startedAt">When the run begins, UTC.</param>
    /// <param name="producer">What writes the run, with version.</param>
    public RunHeader Describe(DateTimeOffset startedAt, string producer)
    {
        DataSummary summary = Summarize();
        bool areNumbers = Model.Words is not { IsOneHot: false };
        var plan = new TrainingPlan(
            PlannedSteps, StepsPerEpoch, Experiment.Training.SamplesPerStep, Experiment.Loss.EntryName,
            Experiment.Optimizer.EntryName, _baseRate, summary.MetricName, summary.ChanceMetric, summary.BaselineLoss,
            areNumbers ? summary.InputRms : null, areNumbers ? summary.InputMaxAbs : null, summary.LongestDependency,
            Experiment is { Data: TextSpec, Loss: CrossEntropySpec or NllProbabilitiesSpec } ? "character" : null,
            PretrainingSteps > 0 ? PretrainingSteps : null)
        {
            IsDecayDecoupled = _optimizer.HasDecay ? _optimizer.IsDecoupled : null,
        };
        using var tape = new Tape(_pool);
        int[] rows = [0, Math.Min(1, _train.Count - 1)];
        Tensor example = _train.Inputs(tape, rows).Value;
        RunStructure structure = StructureProbe.Describe(Model.Net, example, Model.InitNames, _train.Lengths(rows));
        return new RunHeader(
            Experiment.Name, Experiment.Seed, startedAt, producer, plan,
            StructureProbe.WithDecay(structure, _optimizer), ExperimentFile.Write(Experiment));
    }

    /// <summary>
    /// Theory's expectation of this net's gradients, from its initialisation and the data's averages alone.
    /// </summary>
    /// <param name="structure">The tables that the forecast is indexed by.</param>
    public Forecast Forecast(RunStructure structure) =>
        ForecastBuilder.Build(Model, structure, Summarize());

    private DataSummary Summarize() => DataSummary.Of(_data.Train, Experiment.Loss, Model.StepsOut is not null);

    private Evaluation Evaluate(Dataset data, string split)
    {
        var batches = new Batches(data, Experiment.Loss, Model);
        var sums = new Judgement();
        if (Carries) JudgeStreams(batches, data, split == "test" ? 1 : Experiment.Training.Batch, sums);
        else JudgeSamples(batches, data, sums);
        double loss = sums.Loss / sums.Compared;
        return new Evaluation(
            Step, (double)Step / StepsPerEpoch, split, loss,
            sums.Judged > 0 ? sums.Hits / sums.Judged : ErrorOf(loss), data.Count);
    }

    /// <summary>
    /// The NRMSE of numbers to predict, √(squared error / variance of the training data's targets); null elsewhere, and
    /// where the loss isn't finite.
    /// </summary>
    private double? ErrorOf(double loss) =>
        double.IsFinite(loss) && _targetVariance.Value is { } variance ? Math.Sqrt(Math.Max(0, loss) / variance) : null;

    private void JudgeSamples(Batches batches, Dataset data, Judgement sums)
    {
        foreach (int[] rows in Enumerable.Range(0, data.Count).Chunk(SamplesAtOnce(data)))
        {
            using var tape = new Tape(_pool) { IsRecording = false };
            Variable output = Model.Net.Apply(
                batches.Inputs(tape, rows), Pass.Evaluation with { Lengths = batches.Lengths(rows) });
            sums.Add(
                output.Value, LossOf(output, batches.Targets(tape, rows)), batches.CountCompared(rows),
                batches.JudgedLabels(rows));
        }
    }

    /// <summary>
    /// As many samples as are judged at once: of long sequences so many time steps in all, or a training step's
    /// samples, since what a net computes of each time step is in memory together.
    /// </summary>
    private int SamplesAtOnce(Dataset data)
    {
        int steps = data.InputShape is [var length, _] ? length : 1;
        return Math.Min(EvaluationBatch, Math.Max(Experiment.Training.Batch, EvaluatedSteps / steps));
    }

    /// <summary>What a pass over a split comes to.</summary>
    private sealed class Judgement
    {
        public double Loss { get; private set; }

        public double Hits { get; private set; }

        public long Compared { get; private set; }

        public long Judged { get; private set; }

        /// <summary>Adds a batch: its loss, a mean over what is compared, and what of its labels is right.</summary>
        public void Add(Tensor output, Variable loss, int compared, int[]? labels)
        {
            Loss += loss.Value[[]] * compared;
            Compared += compared;
            if (labels is null) return;
            int own = Batches.CountLabels(labels);
            Hits += (MetricOf(output, labels) ?? 0) * own;
            Judged += own;
        }
    }
}
