using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.TestKit;
using GradFlow.Theory;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>
/// How many of the published nets are born dead: the nets of examples/published, drawn anew by the engine a thousand
/// times.
/// </summary>
public sealed class BornDeadTests
{
    private const int Draws = 1000, StandardErrors = 4;

    [Theory]
    [InlineData("e19-width-2-depth-40.yaml", 2, 40)]
    [InlineData("e19-width-3-depth-60.yaml", 3, 60)]
    public void Nets_are_born_dead_as_often_as_published_and_almost_surely_when_deep(string file, int width, int depth)
    {
        Experiment experiment = ExperimentFile.Read(RepositoryFiles.At("examples", "published", file));
        int[] firstDead = [.. Enumerable.Range(1, Draws).Select(
            seed => FirstDeadLayer(experiment with { Seed = seed }))];

        foreach (int layers in new[] { 1, 3, 10, 20, depth })
        {
            double expected = FiniteWidth.BornDeadProbability(width, layers);
            double error = Math.Sqrt(expected * (1 - expected) / Draws);
            double share = firstDead.Count(layer => layer <= layers) / (double)Draws;
            // One net more or less is no contradiction where hardly any is expected.
            share.ShouldBe(expected, StandardErrors * error + 1.0 / Draws, $"{layers} layers of {width}");
        }
    }

    [Fact]
    public void A_dead_net_stays_the_same_constant_for_all_inputs_whatever_it_is_trained_on()
    {
        string file = RepositoryFiles.At("examples", "published", "e19-width-2-depth-40.yaml");
        Experiment experiment = ExperimentFile.Read(file);
        DataSplits data = TaskData.Load(experiment.Data, Path.GetDirectoryName(file)!, experiment.Seed, 0.1);
        var trainer = new Trainer(experiment, data, file);

        for (int step = 0; step < 200; step++) trainer.Advance();

        float[] predictions = [.. Enumerable.Range(0, 41).Select(i => Output(trainer.Model.Net, -2 + 0.1f * i))];
        predictions.Distinct().Count().ShouldBe(1);
        predictions[0].ShouldNotBe(0, "its last bias has been trained");
    }

    /// <summary>The first layer that is silent for the input 1, from 1; beyond the last where none is.</summary>
    private static int FirstDeadLayer(Experiment experiment)
    {
        Module net = ModelBuilder.Build(experiment, [1], "e19").Net;
        using var tape = new Tape { IsRecording = false };
        Variable x = tape.Constant(Tensor.From([1f], 1, 1));
        int layer = 0;
        foreach (Module module in net.Children)
        {
            x = module.Apply(x, Pass.Evaluation);
            if (module.Type != "relu") continue;
            layer++;
            if (Kernels.MaxAbs(x.Value) == 0) return layer;
        }
        return layer + 1;
    }

    private static float Output(Module net, float input)
    {
        using var tape = new Tape { IsRecording = false };
        return (float)net.Apply(tape.Constant(Tensor.From([input], 1, 1)), Pass.Evaluation).Value[[0, 0]];
    }
}
