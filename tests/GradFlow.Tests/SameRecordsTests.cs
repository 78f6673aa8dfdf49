using GradFlow.Autograd;
using GradFlow.Experiments;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Tests;

/// <summary>The same training by an experiment file and by a loop of one's own leaves the same records.</summary>
public sealed class SameRecordsTests : IDisposable
{
    private const string Text = """
        name: twin
        seed: 3
        data: { circles: { samples: 200 } }
        model: [ { linear: 10 }, tanh, { linear: { out: 10, init: { normal: 0.9 } } }, relu, { linear: 2 } ]
        loss: cross-entropy
        optimizer: { sgd: { lr: RATE, momentum: 0.5 } }
        training: { steps: 40, batch: 16, clip: { norm: 0.3 } }
        """;

    private readonly Scratch _scratch = new();

    [Fact]
    public void Steps_and_frames_are_those_of_the_trainer()
    {
        (Run own, Run wanted) = Both("0.2");
        RunJson.Serialize(own.Header.Structure.Cuts).ShouldBe(RunJson.Serialize(wanted.Header.Structure.Cuts));
        RunJson.Serialize(own.Header.Structure.Parts).ShouldBe(RunJson.Serialize(wanted.Header.Structure.Parts));
        RunJson.Serialize(own.Header.Structure.Signals).ShouldBe(RunJson.Serialize(wanted.Header.Structure.Signals));
        RunJson.Serialize(own.Frames).ShouldBe(RunJson.Serialize(wanted.Frames));
        own.Frames.Count.ShouldBeGreaterThan(5);
        foreach ((StepRecord step, StepRecord other) in own.Steps.Zip(wanted.Steps))
        {
            (double? norm, double? coefficient) = (step.ClippedNorm, step.ClipCoefficient);
            step.ShouldBe(other with { ClippedNorm = norm, ClipCoefficient = coefficient });
        }
    }

    /// <summary>
    /// The trainer multiplies, the watch measures again: they differ by the rounding of float32 gradients, 2⁻²⁴ each.
    /// </summary>
    [Fact]
    public void Clipping_is_accounted_for_as_the_trainer_does()
    {
        (Run own, Run wanted) = Both("0.2");
        own.Steps.Count.ShouldBe(wanted.Steps.Count);
        own.Steps.ShouldContain(step => step.ClipCoefficient == 1);
        own.Steps.ShouldContain(step => step.ClipCoefficient < 1);
        int first = own.Steps.ToList().FindIndex(step => step.ClipCoefficient < 1);
        foreach ((StepRecord step, StepRecord other) in own.Steps.Zip(wanted.Steps))
        {
            step.ClippedNorm!.Value.ShouldBe(other.ClippedNorm!.Value, 1e-6 * other.ClippedNorm.Value);
            if (step.Step < first) step.ClipCoefficient.ShouldBeNull("nothing shows yet that the loop clips");
            else step.ClipCoefficient!.Value.ShouldBe(other.ClipCoefficient!.Value, 1e-6);
        }
    }

    [Fact]
    public void The_origin_of_a_non_finite_number_is_the_one_that_the_trainer_finds()
    {
        (Run own, Run wanted) = Both("1e38");
        wanted.NonFinite.ShouldNotBeNull();
        own.NonFinite.ShouldBe(wanted.NonFinite);
        own.End!.Reason.ShouldBe("non-finite");
    }

    public void Dispose() => _scratch.Dispose();

    private (Run Own, Run Wanted) Both(string rate)
    {
        Experiment experiment = ExperimentFile.Parse(Text.Replace("RATE", rate, StringComparison.Ordinal), "twin.yaml");
        DataSplits data = TaskData.Load(experiment.Data, ".", experiment.Seed, experiment.Training.Validation);
        var trainer = new Trainer(experiment, data);
        var recorder = new RunRecorder(trainer.Describe(DateTimeOffset.UnixEpoch, "test"));
        Run wanted = TrainingLoop.Run(trainer, recorder, new LoopOptions { IsJudgedAlong = false });
        return (Own(experiment, data.Train, trainer.StepsPerEpoch), wanted);
    }

    private Run Own(Experiment experiment, Dataset data, int stepsPerEpoch)
    {
        const int Batch = 16, Steps = 40;
        Sequential net = ModelBuilder.Build(experiment, [2], "twin.yaml").Net;
        var optimizer = new Sgd(net.AllParameters(), ((SgdSpec)experiment.Optimizer).LearningRate, 0.5);
        var clip = new ClipByNorm(0.3);
        var settings = new WatchSettings { Out = _scratch.Path, Steps = Steps, StepsPerEpoch = stepsPerEpoch };
        using (GradientWatch watch = GradientWatch.Over(net, optimizer, settings))
        {
            bool isBroken = false;
            for (int step = 0; step < Steps && !isBroken; step++)
            {
                int[] rows = Rows(data, experiment.Seed, step, stepsPerEpoch, Batch);
                int[] labels = [.. rows.Select(row => data.Labels![row])];
                float[] inputs = [.. rows.SelectMany(row => data.Inputs.AsSpan(2 * row, 2).ToArray())];
                using Tape tape = watch.Tape();
                optimizer.ClearGradients();
                Variable input = tape.Constant(Tensor.From(inputs, rows.Length, 2));
                Variable output = net.Apply(input, new Pass(IsTraining: true, new StepDraws(3, step)));
                Variable loss = new CrossEntropy().Evaluate(output, Target.Of(labels));
                tape.Backward(loss);
                clip.ApplyInPlace(net.AllParameters());
                isBroken = !double.IsFinite(loss.Value[[]])
                    || !double.IsFinite(GradientClipping.GlobalNorm(net.AllParameters()));
                if (!isBroken) optimizer.Step();
                watch.Step(loss, Accuracy.Of(output.Value, labels));
            }
        }
        return _scratch.TheRun();
    }

    private static int[] Rows(Dataset data, long seed, int step, int stepsPerEpoch, int batch)
    {
        int[] order = new RandomKey(seed, "shuffle").At(step / stepsPerEpoch).Permutation(data.Count);
        int first = step % stepsPerEpoch * batch;
        return order[first..Math.Min(first + batch, order.Length)];
    }
}
