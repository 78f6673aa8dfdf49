using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>What a run keeps of the optimiser's weight decay.</summary>
public sealed class RecordedDecayTests
{
    [Fact]
    public void Each_parameter_has_its_own()
    {
        RunHeader header = Describe(
            "adamw: { lr: 0.01, weight-decay: 0.5, groups: [ { parameters: biases, weight-decay: 0 } ] }");
        header.Plan.IsDecayDecoupled.ShouldBe(true);
        header.Structure.Parameters.Select(parameter => parameter.WeightDecay).ShouldBe([0.5, null, 0.5, null]);
    }

    [Fact]
    public void One_that_goes_by_way_of_the_gradient_is_told_apart() =>
        Describe("sgd: { lr: 0.1, weight-decay: 0.5 }").Plan.IsDecayDecoupled.ShouldBe(false);

    [Fact]
    public void Nothing_is_kept_of_none()
    {
        RunHeader header = Describe("sgd: { lr: 0.1 }");
        header.Plan.IsDecayDecoupled.ShouldBeNull();
        header.Structure.Parameters.ShouldAllBe(parameter => parameter.WeightDecay == null);
    }

    private static RunHeader Describe(string optimizer) => Trainings.Start(Trainings.Parse(
        "name: s\nseed: 1\ndata: { blobs: { samples: 100 } }\nmodel: [ linear: 8, relu, linear: 3 ]\n"
        + $"loss: cross-entropy\noptimizer: {{ {optimizer} }}\ntraining: {{ steps: 10, batch: 20 }}\n"))
        .Describe(DateTimeOffset.UnixEpoch, "test");
}
