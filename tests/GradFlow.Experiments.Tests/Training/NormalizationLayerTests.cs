using GradFlow.Nn;

namespace GradFlow.Experiments.Tests.Training;

public sealed class NormalizationLayerTests
{
    [Theory]
    [InlineData("[ linear: 12, group-norm: 4, tanh, linear: 12, rms-norm, relu, linear: 3 ]")]
    [InlineData("[ linear: { out: 12, weight-norm: true }, tanh, linear: { out: 3, weight-norm: true } ]")]
    public void A_normalised_net_learns(string model)
    {
        Trainer trainer = Trainings.Start(Trainings.OfModel(model, "{ steps: 60, batch: 16 }"));
        List<Runs.StepRecord> records = trainer.Take(60);
        records[^10..].Average(r => r.Loss).ShouldBeLessThan(0.7 * records[..5].Average(r => r.Loss));
    }

    [Fact]
    public void Channels_of_images_are_normalised_each()
    {
        Model model = ModelBuilder.Build(
            Trainings.OfModel("[ batch-norm, group-norm: 3, flatten, linear: 3 ]"), [3, 8, 8], "test.yaml");
        model.Net.AllParameters().Take(4).Select(p => p.Value.Shape.Size).ShouldAllBe(size => size == 3);
        ((GroupNorm)model.Net.Children[1]).Groups.ShouldBe(3);
    }

    [Theory]
    [InlineData("conv2d", "[3, 8, 8]")]
    [InlineData("conv1d", "[8, 3]")]
    public void A_normalised_convolution_has_a_length_for_each_channel_and_starts_as_the_plain_one(
        string layer, string shape)
    {
        int[] samples = [.. shape.Trim('[', ']').Split(',').Select(int.Parse)];
        Model Build(string more) => ModelBuilder.Build(
            Trainings.OfModel($"[ {layer}: {{ out: 5, kernel: 3, groups: 1{more} }}, flatten, linear: 3 ]"), samples,
            "test.yaml");
        Model plain = Build(""), normalized = Build(", weight-norm: true");
        var conv = (Conv)normalized.Net.Children[0];
        conv.WeightScale!.Value.Shape.ShouldBe(new Tensors.Shape(5));
        conv.OwnParameters.Select(p => p.Name).ShouldBe(
            [$"{layer}-1.weight", $"{layer}-1.weight-scale", $"{layer}-1.bias"]);
        conv.Weight.Value.ToDoubles().ShouldBe(((Conv)plain.Net.Children[0]).Weight.Value.ToDoubles());
        normalized.Stages[0].Stage.ShouldBe(plain.Stages[0].Stage);
    }

    [Fact]
    public void A_normalised_weight_starts_as_the_plain_one()
    {
        Trainer Start(bool isNormalized) => Trainings.Start(Trainings.OfModel(
            $"[ linear: {{ out: 12, weight-norm: {(isNormalized ? "true" : "false")} }}, tanh, linear: 3 ]"));
        double loss = Start(true).Advance().Record.Loss;
        loss.ShouldBe(Start(false).Advance().Record.Loss, 1e-5);
    }
}
