using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;

namespace GradFlow.Tests;

public sealed class SameTrainingTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void A_watched_training_ends_in_the_same_bits()
    {
        OwnTraining plain = OwnTraining.Varied(), watched = OwnTraining.Varied();
        plain.Run(60);
        var settings = new WatchSettings { Out = _scratch.Path, Budget = 1, MaxInterval = 1 };
        using (GradientWatch watch = Over(watched, settings))
            watched.Run(60, watch);
        watched.Numbers().ShouldBe(plain.Numbers());
        _scratch.TheRun().Frames.Count.ShouldBe(60);
    }

    [Fact]
    public void A_training_that_breaks_ends_in_the_same_bits()
    {
        static OwnTraining Broken() => OwnTraining.WithRate(1e30);
        OwnTraining plain = Broken(), watched = Broken();
        plain.Run(5);
        using (GradientWatch watch = Over(watched)) watched.Run(5, watch);
        watched.Numbers().ShouldBe(plain.Numbers());
        plain.Numbers().ShouldContain(x => float.IsNaN(x));
    }

    [Fact]
    public void Two_watches_at_once_record_what_each_records_alone()
    {
        OwnTraining first = OwnTraining.Varied(), second = OwnTraining.DeepSigmoid();
        using (GradientWatch one = Over(first, "one"), two = Over(second, "two"))
        {
            for (int step = 0; step < 20; step++)
            {
                first.Step(step, one);
                second.Step(step, two);
            }
        }
        OwnTraining alone = OwnTraining.DeepSigmoid();
        using (GradientWatch watch = Over(alone, "alone")) alone.Run(20, watch);
        _scratch.Runs.Count.ShouldBe(3);
        Run Named(string name) =>
            RunReader.Load(_scratch.Runs.Single(path => path.EndsWith($"-{name}", StringComparison.Ordinal)));
        Named("two").Steps.ShouldBe(Named("alone").Steps);
        RunJson.Serialize(Named("two").Frames).ShouldBe(RunJson.Serialize(Named("alone").Frames));
        Named("one").Header.Structure.Cuts.Count.ShouldNotBe(Named("two").Header.Structure.Cuts.Count);
    }

    [Fact]
    public void Gradients_added_up_over_several_passes_are_one_step()
    {
        OwnTraining training = OwnTraining.Varied();
        double norm;
        using (GradientWatch watch = Over(training))
        {
            training.Optimizer.ClearGradients();
            double sum = 0;
            for (int part = 0; part < 3; part++)
            {
                using Tape tape = watch.Tape();
                Variable loss = training.Loss(tape, part);
                tape.Backward(loss);
                sum += loss.Value[[]];
            }
            norm = GradientClipping.GlobalNorm(training.Net.AllParameters());
            training.Optimizer.Step();
            watch.Step(sum);
        }
        Run run = _scratch.TheRun();
        run.Steps.ShouldHaveSingleItem().GradientNorm.ShouldBe(norm);
        run.Frames.ShouldHaveSingleItem().CutNorms.ShouldNotBeNull();
    }

    public void Dispose() => _scratch.Dispose();

    private GradientWatch Over(OwnTraining training, string name = "own-loop") =>
        Over(training, new WatchSettings { Out = _scratch.Path, Name = name });

    private static GradientWatch Over(OwnTraining training, WatchSettings settings) =>
        GradientWatch.Over(training.Net, training.Optimizer, settings);
}
