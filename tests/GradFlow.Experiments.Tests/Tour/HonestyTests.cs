using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Experiments.Tests;

/// <summary>What the tour says follows from what was measured, also where that is not what one expects.</summary>
public sealed class HonestyTests
{
    private static readonly Run Stuck = Run(accuracy: 0.1), Learned = Run(accuracy: 0.93);

    [Fact]
    public void A_sigmoid_net_that_learns_is_said_to()
    {
        string said = new DeepSigmoid().Tell([Learned, Learned, Learned, Learned]).Sentences[0];
        said.ShouldContain("it has learned all the same: 93.0 %");
    }

    [Fact]
    public void Ways_out_that_fail_are_named()
    {
        TourStop stop = new DeepSigmoid().Tell([Stuck, Learned, Stuck, Learned]);
        stop.Sentences[0].ShouldContain("next to nothing: 10.0 %");
        stop.Sentences[1].ShouldContain(
            "93.0 % with ReLU and He's weights and 93.0 % with batch normalisation, "
            + "but only 10.0 % with residual paths");
        stop.Pictures[1].Title.ShouldContain("2 of 4 nets learn");
        new DeepSigmoid().Tell([Stuck, Stuck, Stuck, Stuck]).Sentences[1].ShouldContain("none of the three ways out");
    }

    [Fact]
    public void An_explosion_that_is_survived_is_said_to_be()
    {
        string said = new Explosion().Tell([Stuck, Stuck, Learned]).Sentences[0];
        said.ShouldContain("survives 300 steps");
        said.ShouldNotContain("NaN");
    }

    [Fact]
    public void Clipping_that_teaches_or_does_not_save_is_said_to()
    {
        Run broken = Run(accuracy: 0.1, nanFrom: 120);
        new Explosion().Tell([broken, Learned, Learned]).Sentences[1].ShouldContain("and it learns (93.0 % right");
        new Explosion().Tell([broken, Stuck, Learned]).Sentences[1]
            .ShouldContain("but teaches it next to nothing (10.0 % right");
        new Explosion().Tell([broken, broken, Learned]).Sentences[1]
            .ShouldContain("does not save it (NaN at step 120)");
        new Explosion().Tell([broken, Stuck, Learned]).Sentences[0].ShouldContain("the loss is NaN at step 120");
    }

    [Fact]
    public void A_gradient_that_is_exactly_zero_is_said_to_be()
    {
        Frame frame = Stuck.Frames[0];
        double?[] norms = [.. frame.CutNorms!.Select((norm, i) => i == 0 ? double.NegativeInfinity : norm)];
        Run dead = Stuck with { Frames = [frame with { CutNorms = norms }] };
        new DeepSigmoid().Tell([dead, Learned, Learned, Learned]).Sentences[0]
            .ShouldContain("layer 1 receives exactly 0 of the gradient");
    }

    private static Run Run(double accuracy, int? nanFrom = null)
    {
        Run run = new SyntheticRun { NaNFrom = nanFrom }.Build();
        Forecast forecast = new(-0.6, -5.4, 1, 6, [], [], [], "vanishes", "", -0.62, -5.6);
        return run with
        {
            Forecast = forecast,
            Evaluations = [new Evaluation(300, 3, "test", 1, accuracy, 1000)],
        };
    }
}
